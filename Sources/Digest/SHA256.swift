internal import CCrypto
internal import Foundation

/// Why a digest could not be taken.
package struct DigestError: Error, Equatable, CustomStringConvertible {
  /// What was to be digested: a path, or "bytes in memory".
  package let subject: String

  /// What went wrong.
  package let reason: String

  /// One sentence.
  package var description: String { "cannot take the SHA-256 of \(subject): \(reason)" }
}

/// SHA-256 (FIPS 180-4) through OpenSSL's libcrypto.
package enum SHA256 {
  /// The digest of some bytes as 64 lower-case hexadecimal digits.
  package static func digest(of bytes: [UInt8]) throws(DigestError) -> String {
    let context = try Context(subject: "bytes in memory")
    try context.update(bytes)
    return try context.finish()
  }

  /// The digest of a file's bytes as 64 lower-case hexadecimal digits; the file is read in pieces of 1 MiB.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - offset: the number of bytes at its start that are left out.
  package static func digest(ofFile path: String, from offset: Int = 0) throws(DigestError) -> String {
    let context = try Context(subject: path)
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw DigestError(subject: path, reason: String(cString: strerror(errno))) }
    defer { close(descriptor) }
    guard lseek(descriptor, off_t(offset), SEEK_SET) >= 0 || offset == 0 else {
      throw DigestError(subject: path, reason: String(cString: strerror(errno)))
    }
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
    defer { piece.deallocate() }
    while true {
      let count = read(descriptor, piece.baseAddress, piece.count)
      if count == 0 { return try context.finish() }
      if count < 0 {
        if errno == EINTR { continue }
        throw DigestError(subject: path, reason: String(cString: strerror(errno)))
      }
      try context.update(UnsafeRawBufferPointer(rebasing: piece[..<count]))
    }
  }

  /// The owner of an `EVP_MD_CTX`.
  private struct Context: ~Copyable {
    private let context: OpaquePointer
    private let subject: String

    init(subject: String) throws(DigestError) {
      guard let context = EVP_MD_CTX_new() else {
        throw DigestError(subject: subject, reason: "EVP_MD_CTX_new is out of memory")
      }
      guard EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
        EVP_MD_CTX_free(context)
        throw DigestError(subject: subject, reason: "EVP_DigestInit_ex failed")
      }
      self.context = context
      self.subject = subject
    }

    deinit { EVP_MD_CTX_free(context) }

    borrowing func update(_ bytes: some Collection<UInt8>) throws(DigestError) {
      let status = bytes.withContiguousStorageIfAvailable {
        EVP_DigestUpdate(context, $0.baseAddress, $0.count)
      }
      guard status == 1 else {
        throw DigestError(subject: subject, reason: "EVP_DigestUpdate failed")
      }
    }

    borrowing func finish() throws(DigestError) -> String {
      var digest = [UInt8](repeating: 0, count: 32)
      guard EVP_DigestFinal_ex(context, &digest, nil) == 1 else {
        throw DigestError(subject: subject, reason: "EVP_DigestFinal_ex failed")
      }
      let digits = Array("0123456789abcdef".utf8)
      return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
  }
}
