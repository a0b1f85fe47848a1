import Foundation
import Random
import TestSupport
import Testing

private let cases = LongStage.names.flatMap { stage in ["cartpole", "halfcheetah"].map { (stage, $0) } }

/// Whom a signal goes to: a stage, as kill sends it; make; or make with all that it has started, as Ctrl-C, a closed terminal
/// and batch systems send it.
private enum Target { case stage, make, all }

/// One after the other: a run that waits for the processor is killed before it has done anything.
@Suite(.serialized) struct ResumeTests {
  @Test(
    "killed at random moments, a stage still makes the artifact of an uninterrupted run",
    arguments: cases)
  func kills(stage: String, benchmark: String) throws {
    try withTemporaryDirectory { folder in
      let stage = try LongStage(stage, of: benchmark, in: folder)
      var random = RandomStream(seed: 1, name: "\(stage.command[0])/\(benchmark)")
      let wanted = Extent.of(short: 3, full: 20)
      var (kills, resumed, torn) = (0, 0, 0)
      // How long the stage takes at the moment, by its latest run: a moment beyond its end is no kill.
      var seconds = stage.seconds
      while kills < wanted {
        let start = ContinuousClock.now
        let process = try stage.start()
        usleep(UInt32(1e6 * random.uniform(in: 0...1.2 * seconds)))
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        if process.terminationReason == .uncaughtSignal {
          kills += 1
          if FileManager.default.fileExists(atPath: stage.unfinished) { torn += 1 }
          if [stage.newest, stage.previous].contains(where: FileManager.default.fileExists) { resumed += 1 }
        } else {
          #expect(process.terminationStatus == 0)
          #expect(try bytes(stage.output) == stage.whole)
          stage.clear()
          seconds = min(seconds, (ContinuousClock.now - start) / .seconds(1))
        }
      }
      try stage.finish()
      print(
        "reliability: \(stage.command[0]) of \(benchmark), SIGKILL at random: \(kills) survived, \(resumed) with a checkpoint, \(torn) within its write"
      )
    }
  }

  @Test(
    "killed by the system while a checkpoint is being written, a stage goes on from the one before",
    arguments: cases)
  func cutWithinCheckpoints(stage: String, benchmark: String) throws {
    try withTemporaryDirectory { folder in
      let stage = try LongStage(stage, of: benchmark, in: folder)
      let (newest, previous) = try stage.twoCheckpoints()
      stage.clear()
      try newest.write(to: URL(fileURLWithPath: stage.newest))
      try previous.write(to: URL(fileURLWithPath: stage.previous))
      // Half of what a checkpoint needs: the next one is cut off in its middle, and SIGXFSZ ends the program there.
      let blocks = newest.count / 2 / 512
      // A shell cannot undo that the signal is ignored, which programs in Python pass on.
      let line = "ulimit -c 0; ulimit -f \(blocks); exec env --default-signal=XFSZ \"$@\""
      let program = "\(try Programs.folder())/\(stage.command[0])"
      let ended = try Programs.executable("/bin/sh", ["-c", line, "sh", program] + stage.arguments)
      #expect(ended.status == 128 + SIGXFSZ, "\(ended)")
      #expect(FileManager.default.fileExists(atPath: stage.unfinished))
      #expect(try bytes(stage.previous) == newest)
      let finished = try stage.finish()
      #expect(finished.errors.contains("goes on from \(stage.previous)"), "\(finished.errors)")
    }
  }

  @Test(
    "killed from outside while a checkpoint is being written, a stage goes on from the one before",
    .enabled(if: Extent.isFull, "meeting the write is a matter of luck; make reliability tries until it has"),
    arguments: cases)
  func killsWithinCheckpoints(stage: String, benchmark: String) throws {
    try withTemporaryDirectory { folder in
      let stage = try LongStage(stage, of: benchmark, in: folder)
      var torn = 0
      for attempt in 0..<1000 where torn < 3 {
        stage.clear()
        // Of the second checkpoint on, every one has one before.
        let process = try stage.start()
        if attempt % 2 == 1 { _ = stage.wait(for: stage.newest, of: process) }
        _ = stage.wait(for: stage.unfinished, of: process)
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        guard FileManager.default.fileExists(atPath: stage.unfinished) else { continue }
        torn += 1
        let before = FileManager.default.fileExists(atPath: stage.previous)
        let finished = try stage.finish()
        #expect(finished.errors.contains("goes on from \(stage.previous)") == before, "\(finished.errors)")
      }
      #expect(torn == 3, "the write of a checkpoint was never met")
      print(
        "reliability: \(stage.command[0]) of \(benchmark), SIGKILL within the write of a checkpoint: \(torn) survived"
      )
    }
  }

  @Test(
    "asked to stop by any of five signals, a stage saves its state, exits with 75 and one line, and goes on",
    arguments: cases)
  func signals(stage: String, benchmark: String) throws {
    try withTemporaryDirectory { folder in
      let stage = try LongStage(stage, of: benchmark, in: folder)
      var random = RandomStream(seed: 2, name: "\(stage.command[0])/\(benchmark)")
      let others = [SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGUSR2]
      let signals = Extent.of(
        short: benchmark == "cartpole" ? others : [SIGTERM],
        full: [SIGTERM, SIGTERM, SIGTERM, SIGTERM] + others)
      var stopped = 0
      for signal in signals {
        var isStopped = false
        // A stage that is done before the signal comes tells nothing of this.
        for _ in 0..<1000 where !isStopped {
          stage.clear()
          let errors = "\(folder)/errors"
          let process = try Programs.start(stage.command[0], stage.arguments + ["--quiet"], errors: errors)
          // With a checkpoint there, a signal is answered by another one.
          guard stage.wait(for: stage.newest, of: process) else { continue }
          if Extent.isFull { usleep(UInt32(1e6 * random.uniform(in: 0...0.7 * stage.seconds))) }
          kill(process.processIdentifier, signal)
          process.waitUntilExit()
          #expect(process.terminationReason == .exit && [0, 75].contains(process.terminationStatus))
          isStopped = process.terminationStatus == 75
          guard isStopped else { continue }
          let lines = try String(contentsOfFile: errors, encoding: .utf8).split(separator: "\n")
          #expect(lines.count == 1 && lines[0].contains(": stopped"), "\(lines)")
          // After the last state that could be saved, the artifact is finished instead.
          if lines[0].hasSuffix(" is written") {
            #expect(try bytes(stage.output) == stage.whole && stage.leftovers.isEmpty)
            isStopped = false
            continue
          }
          #expect(!FileManager.default.fileExists(atPath: stage.output))
          #expect(FileManager.default.fileExists(atPath: stage.newest))
          stopped += 1
          let finished = try stage.finish()
          #expect(finished.errors.contains("goes on from \(stage.newest)"), "\(finished.errors)")
          #expect(!finished.errors.contains("warning"), "\(finished.errors)")
        }
        #expect(isStopped, "signal \(signal) never met the stage at work")
      }
      print(
        "reliability: \(stage.command[0]) of \(benchmark), signals answered by a checkpoint and status 75: \(stopped)"
      )
    }
  }

  @Test(
    "a checkpoint that is cut short or altered is passed over for the one before, and without one the stage begins anew",
    arguments: LongStage.names)
  func damagedCheckpoints(stage: String) throws {
    try withTemporaryDirectory { folder in
      let stage = try LongStage(stage, of: "cartpole", in: folder)
      let (newest, previous) = try stage.twoCheckpoints()
      var random = RandomStream(seed: 3, name: stage.command[0])
      let cuts = Extent.of(short: 2, full: 5)
      for _ in 0..<cuts {
        stage.clear()
        try previous.write(to: URL(fileURLWithPath: stage.previous))
        try newest.prefix(random.index(below: newest.count)).write(to: URL(fileURLWithPath: stage.newest))
        let finished = try stage.run()
        #expect(finished.status == 0)
        #expect(try bytes(stage.output) == stage.whole)
        #expect(finished.errors.contains("warning: \(stage.newest): "), "\(finished.errors)")
        #expect(finished.errors.contains("goes on from \(stage.previous): "), "\(finished.errors)")
        #expect(stage.leftovers == ["made.checkpoint-aside-1.h5"])
      }
      stage.clear()
      var altered = newest
      altered[altered.count / 2] ^= 1
      for path in [stage.newest, stage.previous] { try altered.write(to: URL(fileURLWithPath: path)) }
      let finished = try stage.run()
      #expect(
        finished.status == 0 && finished.errors.contains("warning: begins anew"), "\(finished.errors)")
      #expect(try bytes(stage.output) == stage.whole)
      #expect(try bytes("\(folder)/made.checkpoint-aside-1.h5") == altered)
      #expect(stage.leftovers == ["made.checkpoint-aside-1.h5", "made.checkpoint-aside-2.h5"])
      print("reliability: \(stage.command[0]), checkpoints cut short or altered and survived: \(cuts + 1)")
    }
  }

  @Test(
    "a stage never goes on from a checkpoint of another configuration, seed or input: it says what differs and keeps it",
    arguments: LongStage.names)
  func otherRuns(stage name: String) throws {
    try withTemporaryDirectory { folder in
      let stage = try LongStage(name, of: "cartpole", in: folder)
      let (newest, _) = try stage.twoCheckpoints()
      let slice = stage.command[stage.command.firstIndex(of: "--config").map { $0 + 1 } ?? 0]
      let text = try String(contentsOfFile: slice, encoding: .utf8)
      let key = name == "collect-gradients" ? "gamma: 0.99" : "learning_rate: 0.001"
      var changes = [("seed: 0", "seed: 1", "its configuration has \"seed: 0\", now \"seed: 1\"")]
      changes.append((key, key + "5", "now \"\(key)5\""))
      for (index, (old, new, reason)) in changes.enumerated() {
        let other = text.replacing(old, with: new)
        try #require(other != text, "\(text)")
        try Data(other.utf8).write(to: URL(fileURLWithPath: slice))
        stage.clear()
        let fresh = try stage.run()
        try #require(fresh.status == 0, "\(fresh.errors)")
        let expected = try bytes(stage.output)
        #expect(expected != stage.whole)
        stage.clear()
        try newest.write(to: URL(fileURLWithPath: stage.newest))
        let finished = try stage.run()
        #expect(finished.status == 0 && finished.errors.contains(reason), "\(index): \(finished.errors)")
        #expect(try bytes(stage.output) == expected)
        #expect(try bytes("\(folder)/made.checkpoint-aside-1.h5") == newest)
        #expect(finished.errors.contains("warning: begins anew"), "\(finished.errors)")
      }
      // Changed back, the configuration finds its own state again.
      try Data(text.utf8).write(to: URL(fileURLWithPath: slice))
      try FileManager.default.removeItem(atPath: stage.output)
      let back = try stage.finish()
      #expect(back.errors.contains("goes on from \(folder)/made.checkpoint-aside-1.h5"), "\(back.errors)")
      guard name == "collect-gradients" else { return }
      stage.clear()
      try newest.write(to: URL(fileURLWithPath: stage.newest))
      let config = "\(folder)/seed-0/config/meta-train.yaml"
      let training = try String(contentsOfFile: config, encoding: .utf8)
      try Data(training.replacing("seed: 0", with: "seed: 5").utf8).write(to: URL(fileURLWithPath: config))
      let made = try Programs.run("meta-train", ["--config", config, "--output", "\(folder)/meta-train.h5"])
      try #require(made.status == 0, "\(made.errors)")
      let finished = try stage.run()
      #expect(finished.errors.contains("the input meta_train has other bytes"), "\(finished.errors)")
      #expect(try bytes("\(folder)/made.checkpoint-aside-1.h5") == newest)
    }
  }

  @Test(
    "a stage whose settings or inputs change while it is at work writes nothing and says what has changed")
  func changedMeanwhile() throws {
    try withTemporaryDirectory { folder in
      for (name, file) in [
        ("meta-train", "seed-0/config/meta-train.yaml"), ("collect-gradients", "meta-train.h5"),
      ] {
        let stage = try LongStage(name, of: "halfcheetah", in: "\(folder)/\(name)")
        let path = "\(stage.folder)/\(file)"
        // Another of its kind: a slice with a remark, the artifact of another seed.
        let other = "\(folder)/other"
        if name == "meta-train" {
          try (bytes(path) + Data("# later\n".utf8)).write(to: URL(fileURLWithPath: other))
        } else {
          let slice = "\(stage.folder)/seed-0/config/meta-train.yaml"
          let text = try String(contentsOfFile: slice, encoding: .utf8)
          try Data(text.replacing("seed: 0", with: "seed: 1").utf8).write(to: URL(fileURLWithPath: slice))
          let made = try Programs.run("meta-train", ["--config", slice, "--output", other])
          try #require(made.status == 0, "\(made.errors)")
        }
        let errors = folder + "/errors"
        let process = try Programs.start(name, stage.arguments + ["--quiet"], errors: errors)
        // By its first checkpoint it has read its settings and inputs, and is not done.
        #expect(stage.wait(for: stage.newest, of: process))
        rename(other, path)
        process.waitUntilExit()
        let lines = try String(contentsOfFile: errors, encoding: .utf8).split(separator: "\n")
        #expect(process.terminationStatus == 75 && lines.count == 1, "\(lines)")
        #expect(lines.first?.contains("\(path) has changed since the stage began") == true, "\(lines)")
        #expect(!FileManager.default.fileExists(atPath: stage.output))
      }
    }
  }

  @Test("a checkpoint of another robot is not gone on with")
  func otherRobot() throws {
    try withTemporaryDirectory { folder in
      let stage = try LongStage("meta-train", of: "halfcheetah", in: folder)
      _ = try stage.twoCheckpoints()
      let model = try String(
        contentsOfFile: Programs.checkout + "/.deps/gymnasium/half_cheetah.xml", encoding: .utf8)
      let other = model.replacing("gravity=\"0 0 -9.81\"", with: "gravity=\"0 0 -5\"")
      try #require(other != model)
      try FileManager.default.createDirectory(atPath: folder + "/models", withIntermediateDirectories: true)
      try Data(other.utf8).write(to: URL(fileURLWithPath: folder + "/models/half_cheetah.xml"))
      let finished = try Programs.run(
        stage.command[0], stage.arguments, environment: ["PGX_ASSETS": folder + "/models"])
      #expect(
        finished.status == 0 && finished.errors.contains("HalfCheetah model was "), "\(finished.errors)")
      #expect(try bytes(stage.output) != stage.whole)
    }
  }

  @Test("a signal to a stage, to make or to both stops make, and the next make goes on to equal artifacts")
  func make() throws {
    let long = tinyBenchmark.replacing("total_timesteps: 384", with: "total_timesteps: 600_000")
      .replacing("timesteps_per_task: 64", with: "timesteps_per_task: 60_000")
      .replacing("update_epochs: 1", with: "update_epochs: 20")
      .replacing("transitions_per_task: 128", with: "transitions_per_task: 800")
    try withTinyRun(long) { whole in
      try whole.made("all")
      // At every opportunity: a start makes one more iteration before it is stopped, not half a second of them.
      try withTinyRun(long + "checkpoint_seconds: 0\n") { run in
        try run.made("config")
        let set = "full-train-eval/policies/tasks-0-1-2-3"
        let signals: [(String, Int32, Target)] =
          [SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2].map { ("meta-train", $0, .all) }
          + ["meta-train", set].flatMap { [($0, SIGTERM, .stage), ($0, SIGTERM, .make)] }
        for (artifact, signal, target) in signals {
          let logged = "\(run.run())/logs/\(artifact.replacing("policies/", with: "")).log"
          try? FileManager.default.removeItem(atPath: logged)
          let checkpoint = "\(run.run())/\(artifact).checkpoint.h5"
          let output = URL(fileURLWithPath: "\(run.run())/\(artifact).h5")
          let lock = output.deletingLastPathComponent().path + "/.\(output.lastPathComponent).lock"
          let before = fileTime(checkpoint)
          let make = try run.start("all")
          // A stage that has saved its state answers a signal by saving it again.
          _ = waited {
            !make.isRunning || access(lock, F_OK) == 0 && ![nil, before].contains(fileTime(checkpoint))
          }
          let holder = try String(contentsOfFile: lock, encoding: .utf8)
          let process = try #require(holder.firstMatch(of: /process ([0-9]+)/).flatMap { Int32($0.1) })
          switch target {
          case .stage: kill(process, signal)
          case .make: kill(make.processIdentifier, signal)
          case .all: kill(-make.processIdentifier, signal)
          }
          make.waitUntilExit()
          #expect(make.terminationReason == .uncaughtSignal || make.terminationStatus == 2)
          // Programs that make no longer waits for may still be saving, and their log be written.
          #expect(waited { kill(process, 0) != 0 })
          #expect(access(checkpoint, F_OK) == 0 && access(output.path, F_OK) != 0)
          let told = waited {
            (try? String(contentsOfFile: logged, encoding: .utf8))?.contains(/: stopped at [0-9]+ of [0-9]/)
              == true
          }
          #expect(told, "signal \(signal) to \(target)")
        }
        print("reliability: under make, signals answered by a checkpoint: \(signals.count)")
        let last = try run.made("all")
        #expect(last.output.contains("goes on from "), "\(last.output)")
        for artifact in try whole.artifactTimes().keys {
          #expect(
            try bytes("\(run.run())/\(artifact)") == bytes("\(whole.run())/\(artifact)"), "\(artifact)")
        }
        #expect(files(below: run.run()).allSatisfy { !$0.contains("checkpoint.h5") })
      }
    }
  }

  @Test(
    "checkpoints take no more than two per cent of the time, however often they are asked for",
    .enabled(if: Extent.isFull, "a share of the time is measured by make reliability"))
  func cost() throws {
    try withTemporaryDirectory { folder in
      let stage = try LongStage("meta-train", of: "halfcheetah", in: folder)
      try Data("checkpoint_seconds: 0.001\n".utf8).write(to: URL(fileURLWithPath: "\(folder)/often.yaml"))
      let finished = try stage.finish()
      let share = finished.errors.firstMatch(of: /checkpoints [0-9.]+ s \(([0-9.]+) %\)/)
      let percent = try #require(share.flatMap { Double($0.1) }, "\(finished.errors)")
      #expect(percent > 0 && percent <= 2)
      print("reliability: checkpoints' share of the time, asked for at every opportunity: \(percent) %")
    }
  }
}
