import Foundation
import TestSupport
import Testing

/// `make doctor` looks for every requirement and names the remedy of each that is not met.
@Suite struct DoctorTests {
  /// Runs the script of the checkout with a PATH of its own.
  private func doctor(path: String) throws -> Finished {
    try Programs.script("doctor", ["runs", "2"], environment: ["PATH": path])
  }

  /// Calls `body` with a folder that has a link to every command of the PATH, except one.
  private func withPath<R>(lacking absent: String, _ body: (String) throws -> R) throws -> R {
    try withTemporaryDirectory { folder in
      for place in (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":") {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: "\(place)")) ?? []
        where name != absent {
          // The first on the PATH counts.
          try? FileManager.default.createSymbolicLink(
            atPath: "\(folder)/\(name)", withDestinationPath: "\(place)/\(name)")
        }
      }
      return try body(folder)
    }
  }

  @Test("the doctor finds every requirement of a machine that runs these tests")
  func healthy() throws {
    let finished = try Programs.make(["doctor"])
    #expect(finished.status == 0, "\(finished.output)\(finished.errors)")
    let lines = finished.output.split(separator: "\n").filter { !$0.hasPrefix("make: ") }
    let last = try #require(lines.last)
    let requirements = lines.filter { $0.hasPrefix("ok ") }.count
    #expect(last == "doctor: all \(requirements) requirements are met")
    #expect(lines.dropLast().allSatisfy { $0.hasPrefix("ok ") || $0.hasPrefix("note ") })
    print("reliability: doctor: \(requirements) requirements looked at")
  }

  @Test(
    "a command that is not on the PATH is named with its remedy, and the status is 1",
    arguments: [
      ("swift", "install Swift 6.3 or newer from swift.org and run make again"),
      ("pkg-config", "run: sudo apt-get install pkg-config"), ("git", "run: sudo apt-get install git"),
    ])
  func missing(command: String, remedy: String) throws {
    let finished = try withPath(lacking: command) { try doctor(path: $0) }
    #expect(finished.status == 1)
    let lines = finished.output.split(separator: "\n")
    let place = try #require(lines.firstIndex { $0.hasPrefix("missing ") }, "\(finished.output)")
    #expect(lines[place].contains(" \(command) ") && lines[place].contains("not found"))
    #expect(lines[place + 1].hasSuffix(" do: \(remedy)"))
    #expect(lines.last?.hasSuffix(" requirements are met; not: \(command)") == true, "\(finished.output)")
  }

  @Test("a command that is too old is told from one that is missing")
  func tooOld() throws {
    let finished = try withPath(lacking: "swift") { folder in
      let swift = "\(folder)/swift"
      try Data("#!/bin/sh\necho 'Swift version 5.10.1 (swift-5.10.1-RELEASE)'\n".utf8).write(
        to: URL(fileURLWithPath: swift))
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: swift)
      return try doctor(path: folder)
    }
    #expect(finished.status == 1)
    #expect(
      finished.output.contains("too old  swift            6.3 or newer needed, found 5.10.1, "),
      "\(finished.output)")
  }

  @Test("the doctor works in a clone where nothing is fetched or built, and changes nothing there")
  func emptyClone() throws {
    try withTemporaryDirectory { folder in
      for name in ["Makefile", "Package.swift", "scripts", "pipelines", "configs"] {
        try FileManager.default.copyItem(atPath: "\(Programs.checkout)/\(name)", toPath: "\(folder)/\(name)")
      }
      let before = files(below: folder)
      let finished = try Programs.make(["-C", folder, "doctor"])
      #expect(finished.status == 2)
      #expect(finished.output.contains("\nmissing  MuJoCo"), "\(finished.output)")
      #expect(finished.output.contains(" do: run: make setup\n"))
      #expect(finished.output.contains("note     build            not built yet; run: make build\n"))
      #expect(finished.output.contains(" requirements are met; not: MuJoCo\n"))
      #expect(files(below: folder) == before)
    }
  }

  @Test("what was fetched is known by its digest")
  func damagedEngine() throws {
    try withTemporaryDirectory { folder in
      for name in ["scripts", ".deps"] {
        try FileManager.default.copyItem(atPath: "\(Programs.checkout)/\(name)", toPath: "\(folder)/\(name)")
      }
      let model = "\(folder)/.deps/gymnasium/half_cheetah.xml"
      try (bytes(model) + Data("\n".utf8)).write(to: URL(fileURLWithPath: model))
      let finished = try Programs.script("doctor", ["runs", "2"], in: folder)
      #expect(finished.status == 1)
      #expect(
        finished.output.contains("half_cheetah.xml is not that of scripts/wheels.txt")
          && finished.output.contains(" do: run: make distclean setup\n"), "\(finished.output)")
    }
  }
}
