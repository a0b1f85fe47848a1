import Artifacts
import Foundation
import TestSupport
import Testing

@Suite struct DamageTests {
  @Test("a file cut at any of many places is refused in one line, sealed or not")
  func truncated() throws {
    var count = 0
    try withTemporaryDirectory { folder in
      let path = folder + "/cut.h5"
      for file in Fixtures.version1 + Fixtures.elsewhere {
        let whole = try Data(contentsOf: URL(fileURLWithPath: file))
        // The first bytes one by one, where the seal and the superblock are, then 60 places all over the file.
        let lengths = Array(0..<20) + [511, 512, 513, 560] + (1...60).map { $0 * (whole.count - 1) / 60 }
        for length in lengths {
          try whole.prefix(length).write(to: URL(fileURLWithPath: path))
          #expect(try verdict(path) != nil, "\(file) cut at \(length)")
          count += 1
        }
      }
    }
    print("reliability: inputs refused, cut files: \(count)")
  }

  @Test("a bit flipped anywhere in an artifact is noticed")
  func flippedBits() throws {
    var count = 0
    try withTemporaryDirectory { folder in
      let path = folder + "/flipped.h5"
      for file in Fixtures.version1 {
        let whole = try Data(contentsOf: URL(fileURLWithPath: file))
        for index in 0..<150 {
          var spoilt = whole
          let place = index < 40 ? index * 16 : index * (whole.count - 1) / 149
          spoilt[place] ^= 1 << UInt8(index % 8)
          try spoilt.write(to: URL(fileURLWithPath: path))
          #expect(
            try verdict(path)?.hasPrefix("\(path): is ") == true, "\(file), bit \(index % 8) of byte \(place)"
          )
          count += 1
        }
      }
    }
    print("reliability: inputs refused, files with a flipped bit: \(count)")
  }

  @Test("the spoilt files that once broke a reader are refused")
  func onceBroke() throws {
    let folder = Fixtures.folder + "/spoilt"
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    #expect(!names.isEmpty)
    for name in names { #expect(try verdict("\(folder)/\(name)") != nil, "\(name)") }
  }

  @Test("two pieces of different artifacts make no artifact, nor do bytes behind the end")
  func spliced() throws {
    try withTemporaryDirectory { folder in
      let path = folder + "/spliced.h5"
      let files = try Fixtures.version1.map { try Data(contentsOf: URL(fileURLWithPath: $0)) }
      for (first, second) in zip(files, files.dropFirst() + files.prefix(1)) {
        for spoilt in [
          first.prefix(512) + second.dropFirst(512), first.prefix(4096) + second.dropFirst(4096), first + [0],
          first + second, first.dropFirst(1), Data([0]) + first,
        ] {
          try Data(spoilt).write(to: URL(fileURLWithPath: path))
          #expect(try verdict(path) != nil)
        }
      }
    }
  }

  @Test(
    "what is no file is refused by name and not waited for: folders, FIFOs, devices, links that lead nowhere")
  func notFiles() throws {
    try withTemporaryDirectory { folder in
      mkfifo(folder + "/fifo", 0o600)
      symlink("loop", folder + "/loop")
      symlink("nowhere", folder + "/dangling")
      for (path, message) in [
        (folder, "it is not a file"), (folder + "/fifo", "it is not a file"),
        ("/dev/null", "it is not a file"),
        (folder + "/loop", "Too many levels of symbolic links"),
        (folder + "/dangling", "No such file or directory"), (folder + "/fifo/a.h5", "Not a directory"),
        (folder + "/" + String(repeating: "x", count: 300), "File name too long"),
      ] {
        let refused = try verdict(path)
        #expect(refused == "\(path): cannot be read: \(message)")
      }
      symlink(Fixtures.version1[0], folder + "/link.h5")
      #expect(try verdict(folder + "/link.h5") == nil)
    }
  }

  @Test(
    "a file that may not be read is refused with the system's reason",
    .enabled(if: geteuid() != 0, "root may read"))
  func noPermission() throws {
    try withTemporaryDirectory { folder in
      let path = folder + "/secret.h5"
      try FileManager.default.copyItem(atPath: Fixtures.version1[0], toPath: path)
      chmod(path, 0)
      #expect(try verdict(path) == "\(path): cannot be read: Permission denied")
    }
  }

  @Test("files that are something else are refused by name")
  func otherKinds() throws {
    try withTemporaryDirectory { folder in
      let path = folder + "/a.h5"
      let kinds: [[UInt8]] = [
        [], [0], Array("PK\u{3}\u{4}".utf8), Array("\u{93}NUMPY".utf8), Array("policygradex artifact".utf8),
        Array("version https://git-lfs.github.com/spec/v1\n".utf8), [UInt8](repeating: 0, count: 4096),
        [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A],
        [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A] + [UInt8](repeating: 0xFF, count: 2048),
        [UInt8](repeating: 0, count: 512) + [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A],
      ]
      for bytes in kinds {
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        #expect(try verdict(path)?.hasPrefix("\(path): is ") == true)
      }
    }
  }
}
