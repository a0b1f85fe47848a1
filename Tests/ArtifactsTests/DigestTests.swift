import Digest
import Foundation
import TestSupport
import Testing

@Test(
  "SHA-256 equals the published vectors of FIPS 180-4",
  arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ])
func publishedVectors(text: String, digest: String) {
  #expect(SHA256.digest(of: Array(text.utf8)) == digest)
}

@Test("SHA-256 of a file of a million 'a' equals the published vector, across pieces of 1 MiB too")
func fileDigest() throws {
  try withTemporaryDirectory { folder in
    let path = folder + "/a.txt"
    try Data(repeating: UInt8(ascii: "a"), count: 1_000_000).write(to: URL(fileURLWithPath: path))
    #expect(
      try SHA256.digest(ofFile: path) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    let long = [UInt8](repeating: 7, count: 2_500_000)
    try Data(long).write(to: URL(fileURLWithPath: path))
    #expect(try SHA256.digest(ofFile: path) == SHA256.digest(of: long))
  }
}

@Test("A digest of a file that is not there names the file and the reason")
func missingFileDigest() {
  let error = #expect(throws: FileError.self) { _ = try SHA256.digest(ofFile: "/nowhere/a.h5") }
  #expect(error?.description == "/nowhere/a.h5: No such file or directory")
}
