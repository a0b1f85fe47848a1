internal import Foundation
internal import Random

/// The C library's name and version, such as "glibc 2.36", for provenance.
func cLibraryVersion() -> String {
  var text = [CChar](repeating: 0, count: 64)
  let length = confstr(Int32(_CS_GNU_LIBC_VERSION), &text, text.count)
  guard (2...text.count).contains(length) else { return "unknown" }
  return String(decoding: text[..<(length - 1)].map(UInt8.init(bitPattern:)), as: UTF8.self)
}

/// Which results the C library's exp, log and so on have here, as sixteen hexadecimal digits, for provenance.
///
/// The version does not tell: glibc has these functions with and without fused multiply-adds, chooses by the processor
/// (and by `GLIBC_TUNABLES`), and about one result in 1500 differs in its last bit. The digits are the FNV-1a digest of
/// the results for 4096 fixed random arguments to every function that the stages and MuJoCo call.
func cLibraryFunctions() -> String {
  var random = RandomStream(seed: 0, name: "C library functions")
  var digest: UInt64 = 0xCBF2_9CE4_8422_2325
  func add(_ result: Double) {
    for byte in 0..<8 {
      digest = (digest ^ (result.bitPattern >> UInt64(8 * byte) & 0xFF)) &* 0x100_0000_01B3
    }
  }
  for _ in 0..<4096 {
    let (x, y) = (random.uniform(), random.uniform())
    add(exp(-16 * x))
    add(log(x + y))
    add(log1p(-x))
    add(log2(x + y))
    add(pow(0.5 + x, 64 * y))
    add(sin(8 * x - 4))
    add(cos(8 * x - 4))
    add(tan(x))
    add(asin(2 * x - 1))
    add(acos(2 * x - 1))
    add(atan2(x - 0.5, y - 0.5))
    add(Double(exp(Float(-16 * x))))
    add(Double(log(Float(x + y))))
  }
  return String(format: "%016llx", digest)
}
