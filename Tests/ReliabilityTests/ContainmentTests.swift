import Artifacts
import Foundation
import HDF5
import TestSupport
import Testing

@Suite struct ContainmentTests {
  /// Runs a program under strace.
  ///
  /// - Returns: how it ended, and the traced system calls, a line each.
  private func traced(
    _ program: String, _ arguments: [String], in folder: String, environment: [String: String] = [:]
  ) throws -> (ended: Ended, calls: [String]) {
    let trace = "\(folder)/../trace-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: trace) }
    let events = "trace=%network,execve,openat,open,creat,unlink,unlinkat,rename,renameat2,mkdir,link,symlink"
    let ended = try Sandbox.run(
      "/usr/bin/env",
      ["strace", "-f", "-qq", "-s", "4096", "-o", trace, "-e", events, "\(Sandbox.programs)/\(program)"]
        + arguments,
      in: folder, environment: environment)
    return (ended, try String(contentsOfFile: trace, encoding: .utf8).split(separator: "\n").map(String.init))
  }

  /// The first quoted text of a traced call: its path.
  private func path(_ call: String) -> String {
    String(call.split(separator: "\"", omittingEmptySubsequences: false).dropFirst().first ?? "")
  }

  /// Whether a traced call makes, changes or removes a file.
  private func writes(_ call: String) -> Bool {
    let makes = ["unlink(", "unlinkat(", "rename(", "renameat2(", "mkdir(", "link(", "symlink(", "creat("]
    let modes = ["O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC"]
    return makes.contains { call.contains(" \($0)") }
      || call.contains(" open") && modes.contains { call.contains($0) }
  }

  /// Calls `body` with a folder to work in, and the listing of what is around it must be the same afterwards.
  private func confined(_ body: (String) throws -> Void) throws {
    try withTemporaryDirectory { outer in
      let folder = outer + "/work"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try body(folder)
      let outside = try FileManager.default.contentsOfDirectory(atPath: outer)
      #expect(outside == ["work"], "\(outside)")
    }
  }

  @Test(
    "no program calls the network, executes anything but git, or writes outside the run folder",
    .enabled(if: Sandbox.canTrace, "strace is not there or may not trace"))
  func systemCalls() throws {
    var (network, executed, written) = (0, Set<String>(), 0)
    try confined { folder in
      let chain = try Chain(in: folder)
      let made = try chain.runAll { call in
        let (ended, calls) = try traced(call.program, call.whole, in: folder)
        let names = [
          "socket", "connect", "bind", "sendto", "sendmsg", "recvfrom", "listen", "accept", "getaddrinfo",
        ]
        let talks = calls.filter { line in names.contains { line.contains(" \($0)") } }
        #expect(talks.isEmpty, "\(call.name): \(talks)")
        network += talks.count
        for line in calls where line.contains(" execve(\"") {
          let name = URL(fileURLWithPath: path(line)).lastPathComponent
          if name != call.program { executed.insert(name) }
        }
        for line in calls where writes(line) {
          let place = path(line)
          let isDevice = place.hasPrefix("/dev/") || place.hasPrefix("/proc/")
          #expect(isDevice || place.hasPrefix(folder + "/") && !place.contains(".."), "\(call.name): \(line)")
          if !isDevice { written += 1 }
        }
        return ended
      }
      #expect(executed == ["git"])
      #expect(written > 3 * made.count)
      print("reliability: system calls to the network: \(network) of \(made.count) programs run")
      print(
        "reliability: programs executed besides git: \(executed.subtracting(["git"]).count) by \(made.count)")
      print("reliability: files made, renamed or removed, all in the run folder: \(written)")
    }
  }

  @Test(
    "the whole pipeline and every command of pgx work where there is no network",
    .enabled(
      if: Sandbox.noNetwork != nil, "neither root nor a user namespace is to be had for a network of its own")
  )
  func withoutNetwork() throws {
    let flags = try #require(Sandbox.noNetwork)
    try confined { folder in
      let made = try Chain(in: folder).runAll {
        try Sandbox.run(
          "/usr/bin/env", ["unshare"] + flags + ["\(Sandbox.programs)/\($0.program)"] + $0.whole)
      }
      print("reliability: programs run without a network: \(made.count)")
    }
  }

  /// Names that a shell, make, a file system or a viewer of SVG would act on.
  private static let names = [
    "$(touch pwned)", "`touch pwned`", "; touch pwned #", "../../pwned", "/etc/passwd",
    "$(shell touch pwned)",
    "%s%n", "-rf", "'\"<script>alert(1)</script>", "&amp;]]>", "a b\\tc",
  ]

  /// A benchmark of tasks with these names.
  private func benchmark(_ names: [String]) throws -> String {
    let quoted = try names.map {
      String(decoding: try JSONEncoder().encode($0), as: UTF8.self).replacingOccurrences(of: "\\/", with: "/")
    }
    let rest = Chain.benchmark.split(separator: "\n").dropFirst().joined(separator: "\n")
    return "tasks:\n" + quoted.map { "  - {name: \($0), environment: CartPole-v1}\n" }.joined() + rest + "\n"
  }

  @Test(
    "names of tasks and groupings are text to every program, to make, and to whoever looks at the picture")
  func hostileNames() throws {
    try confined { folder in
      try write(benchmark(Self.names), to: folder + "/b.yaml")
      let words = ["benchmark=b", "CONFIG=\(folder)/b.yaml", "runs=\(folder)/runs", "threads=2"]
      let ended = try Sandbox.make(words + ["all"])
      try #require(ended.status == 0, "\(ended.errors)")
      let run = folder + "/runs/b/seed-0"
      // Groupings of names as bad, in a file whose seal is right.
      var cluster = try ClusterArtifact(reading: run + "/cluster.h5")
      cluster.groupings = zip(
        cluster.groupings, ["$(touch pwned)", "..", "`touch pwned`", "<script>", "; touch pwned"]
      ).map { .init(name: $1, labels: $0.labels) }
      cluster.verdict = "$(touch pwned) <script>"
      try cluster.write(to: run + "/cluster.h5", provenance: Provenance(reading: run + "/cluster.h5"))
      let sets = try Sandbox.run(
        "\(Sandbox.programs)/full-train-eval", ["sets", "--cluster", run + "/cluster.h5"])
      #expect(
        sets.status == 0 && sets.output.wholeMatch(of: /tasks[-0-9]+( tasks[-0-9]+)*\n/) != nil, "\(sets)")
      let again = try Sandbox.make(words + ["full-train-eval", "report"])
      #expect(again.status == 0 && again.output.contains("<script>"), "\(again)")
      let picture = try String(contentsOfFile: run + "/report/learning-curves.svg", encoding: .utf8)
      #expect(
        !picture.contains("<script") && picture.contains("&lt;script&gt;") && !picture.contains("&amp;]]>"))
      for command in [["show", run + "/cluster.h5"], ["diff", run + "/cluster.h5", run + "/cluster.h5"]] {
        #expect(try Sandbox.run("\(Sandbox.programs)/pgx", command).status == 0)
      }
      let made = listing(folder)
      #expect(
        made.allSatisfy { !$0.contains("pwned") && ($0 == "b.yaml" || $0.hasPrefix("runs")) }, "\(made)")
      #expect(!listing(Sandbox.checkout + "/pipelines").contains("pwned"))
      #expect(!FileManager.default.fileExists(atPath: Sandbox.checkout + "/pwned"))
    }
  }

  @Test(
    "a name that a terminal would obey is refused in a configuration and in an artifact, and never printed")
  func terminalSequences() throws {
    try confined { folder in
      var refused = 0
      for name in [
        "\u{1B}[2J", "a\nb", "a\rb", "\u{7}", "\u{202E}nohtyp", "a\u{2028}b", "\u{9B}31m", "tab\there",
      ] {
        try write(benchmark([name, "plain"]), to: folder + "/b.yaml")
        let config = try Sandbox.run(
          "\(Sandbox.programs)/pgx", ["config", folder + "/b.yaml", "--output", folder + "/run"])
        #expect(
          config.status == 64
            && ["one line of visible characters", "control characters are not allowed"].contains {
              config.errors.contains($0)
            }, "\(config)")
        let path = folder + "/a.h5"
        try? FileManager.default.removeItem(atPath: path)
        let subsets = Fixtures.elsewhere[1]
        try copy(
          subsets, to: path,
          Changes(datasets: [
            "/dims/task": { file in
              try file.write([name, "b", "c"], to: "/dims/task", shape: [3])
            }
          ]))
        let shown = try Sandbox.run("\(Sandbox.programs)/pgx", ["show", path])
        #expect(
          shown.output.contains("NOT VALID") && shown.output.contains("one line of visible"), "\(shown)")
        let read = try Sandbox.run("\(Sandbox.programs)/pgx", ["report", path])
        #expect(read.status == 65)
        for text in [config.errors, shown.output, shown.errors, read.errors] {
          let unseen = text.unicodeScalars.filter {
            $0.properties.generalCategory == .control && $0 != "\n" && $0 != "\t"
              || $0.properties.generalCategory == .format || $0 == "\u{2028}"
          }
          #expect(unseen.isEmpty, "\(text.debugDescription)")
        }
        refused += 2
      }
      // A file's name is text from elsewhere too.
      let missing = try Sandbox.run("\(Sandbox.programs)/pgx", ["show", "\u{1B}[2J\n.h5"])
      #expect(
        missing.status == 65
          && missing.errors == "pgx show: error: \\u{1B}[2J .h5: cannot be read: No such file or directory\n")
      #expect(listing(folder) == ["a.h5", "b.yaml"])
      print("reliability: inputs refused, names that a terminal would obey: \(refused)")
    }
  }

  @Test("tags of YAML that make other programs run something are words of no meaning, and refused")
  func tags() throws {
    try confined { folder in
      let values = [
        "!!python/object/apply:os.system [touch pwned]", "!ruby/object:Kernel {system: touch pwned}",
        "!!js/function 'touch pwned'", "!include /etc/passwd", "!ENV ${HOME}", "!!binary cHduZWQ=",
        "!exec 'touch pwned'",
      ]
      for value in values {
        for text in [
          Chain.benchmark + "more: \(value)\n",
          Chain.benchmark.replacingOccurrences(of: "cartpole/flip", with: "{name: a, environment: \(value)}"),
          Chain.benchmark.replacingOccurrences(of: "total_timesteps: 96", with: "total_timesteps: \(value)"),
        ] {
          try write(text, to: folder + "/b.yaml")
          let ended = try Sandbox.run(
            "\(Sandbox.programs)/pgx", ["config", folder + "/b.yaml", "--output", folder + "/run"])
          #expect(ended.status == 64 && ended.errors.split(separator: "\n").count == 1, "\(value): \(ended)")
        }
      }
      #expect(listing(folder) == ["b.yaml"])
      print(
        "reliability: inputs refused, configurations with tags that elsewhere run code: \(3 * values.count)")
    }
  }

  @Test(
    "a word of make's command line that a shell or make would act on is refused by name, and nothing is run")
  func wordsOfMake() throws {
    try confined { folder in
      let words = [
        "benchmark=x;touch \(folder)/pwned", "benchmark=$(shell touch \(folder)/pwned)", "runs=a b",
        "benchmark=`touch \(folder)/pwned`", "profile=a'b", "threads=2\"; touch \(folder)/pwned; \"",
        "seeds=0 $(shell touch \(folder)/pwned)", "runs=a|tee \(folder)/pwned", "only=a>\(folder)/pwned",
        "runs=a#b",
        "runs=a%b", "against=$$(touch \(folder)/pwned)",
      ]
      for word in words {
        let ended = try Sandbox.make([word, "report"])
        let name = word.prefix { $0 != "=" }
        #expect(ended.status == 2 && ended.errors.contains("*** \(name) is \""), "\(word): \(ended)")
        #expect(ended.errors.split(separator: "\n").count == 1, "\(word): \(ended.errors)")
      }
      #expect(listing(folder).isEmpty)
      print("reliability: inputs refused, words of make's command line: \(words.count)")
    }
  }

  @Test("links that lie in a run folder where a program puts its files lead it to no file outside")
  func linksInTheRunFolder() throws {
    try confined { folder in
      let chain = try Chain(in: folder)
      try chain.runAll()
      let victim = folder + "/victim"
      let call = chain.stages[2]
      let output = try #require(call.output)
      let made = try Data(contentsOf: URL(fileURLWithPath: output))
      for (link, status) in [
        (chain.run + "/.sample-subsets.h5.lock", 73 as Int32), (output + ".part", 0), (output, 0),
      ] {
        try write("mine", to: victim)
        try? FileManager.default.removeItem(atPath: link)
        symlink("../../victim", link)
        let ended = try Sandbox.run("\(Sandbox.programs)/\(call.program)", call.whole)
        #expect(ended.status == status, "\(link): \(ended.errors)")
        #expect(try String(contentsOfFile: victim, encoding: .utf8) == "mine", "\(link)")
        #expect(try Data(contentsOf: URL(fileURLWithPath: output)) == made)
        if status != 0 { try FileManager.default.removeItem(atPath: link) }
      }
    }
  }

  @Test(
    "an artifact that points to other files or to a plug-in makes no program open them",
    .enabled(if: Sandbox.canTrace, "strace is not there or may not trace"),
    arguments: ["external-link", "external-storage", "virtual", "filter"])
  func pathsInFiles(name: String) throws {
    try confined { folder in
      let plugins = folder + "/plugins"
      try FileManager.default.createDirectory(atPath: plugins, withIntermediateDirectories: true)
      try write("no library", to: plugins + "/libanything.so")
      try FileManager.default.copyItem(
        atPath: "\(Fixtures.folder)/elsewhere/\(name).h5", toPath: folder + "/hostile.h5")
      try FileManager.default.copyItem(atPath: Fixtures.elsewhere[1], toPath: folder + "/sample-subsets.h5")
      let before = listing(folder)
      for command in [
        ["show", "hostile.h5"], ["diff", "hostile.h5", "hostile.h5"], ["report", "hostile.h5"],
      ] {
        let (ended, calls) = try traced(
          "pgx", command, in: folder, environment: ["HDF5_PLUGIN_PATH": plugins])
        #expect(ended.status == 65 || ended.output.contains("NOT VALID") || command[0] == "diff", "\(ended)")
        let opened = calls.filter { $0.contains(" open") }.map(path)
        #expect(opened.contains { $0.hasSuffix("hostile.h5") })
        let others = ["/etc/hostname", "sample-subsets.h5", plugins, "hdf5/lib/plugin", "hdf5/serial/plugin"]
        for other in others { #expect(!opened.contains { $0.contains(other) }, "\(command): \(other)") }
      }
      #expect(listing(folder) == before)
    }
  }
}
