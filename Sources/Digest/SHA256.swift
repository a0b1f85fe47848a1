internal import CCrypto
internal import Foundation

/// A file that the system could not read or write.
package struct FileError: Error, Equatable, CustomStringConvertible {
  /// The file's path.
  package let path: String
  /// The operating system's message.
  package let reason: String

  /// The message of an error number.
  package init(_ path: String, _ number: Int32) {
    (self.path, self.reason) = (path, String(cString: strerror(number)))
  }

  /// One line.
  package var description: String { "\(path): \(reason)" }
}

/// SHA-256 (FIPS 180-4) through OpenSSL's libcrypto.
package enum SHA256 {
  /// The digest of some bytes as 64 lower-case hexadecimal digits.
  package static func digest(of bytes: [UInt8]) -> String {
    let context = Context()
    context.update(bytes)
    return context.finish()
  }

  /// The digest of a file's bytes as 64 lower-case hexadecimal digits; the file is read in pieces of 1 MiB.
  ///
  /// - Parameter offset: the number of bytes at its start that are left out.
  package static func digest(ofFile path: String, from offset: Int = 0) throws(FileError) -> String {
    let context = Context()
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(path, errno) }
    defer { close(descriptor) }
    guard lseek(descriptor, off_t(offset), SEEK_SET) >= 0 || offset == 0 else { throw FileError(path, errno) }
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
    defer { piece.deallocate() }
    while true {
      let count = read(descriptor, piece.baseAddress, piece.count)
      if count == 0 { return context.finish() }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw FileError(path, errno) }
      context.update(UnsafeRawBufferPointer(rebasing: piece[..<count]))
    }
  }

  /// The owner of an `EVP_MD_CTX`. No call fails but for want of memory.
  private struct Context: ~Copyable {
    private let context = EVP_MD_CTX_new()

    init() { Self.require(EVP_DigestInit_ex(context, EVP_sha256(), nil)) }

    deinit { EVP_MD_CTX_free(context) }

    borrowing func update(_ bytes: some Collection<UInt8>) {
      Self.require(
        bytes.withContiguousStorageIfAvailable { EVP_DigestUpdate(context, $0.baseAddress, $0.count) })
    }

    borrowing func finish() -> String {
      var digest = [UInt8](repeating: 0, count: 32)
      Self.require(EVP_DigestFinal_ex(context, &digest, nil))
      let digits = Array("0123456789abcdef".utf8)
      return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    private static func require(_ status: Int32?) {
      precondition(status == 1, "libcrypto takes no SHA-256")
    }
  }
}
