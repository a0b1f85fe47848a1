import Foundation
import TestSupport
import Testing

@Suite(.serialized) struct FullDiskTests {
  /// Runs a program whose output folder `$1` is a small disk with an older file, in five states of that disk: nothing
  /// free, a page, three pages, half of what the artifact needs, and read-only. Prints a line for each: the state, the
  /// exit status, whether the older file is as it was, how many lines there were on standard error, and these.
  ///
  /// Arguments: the folder for the disk, one with what is on it, the output's name in both, the program, its arguments.
  private static let states = """
    disk=$1 old=$2 name=$3; shift 3
    half=$(( $(stat -c %s "$old/$name") / 2 ))
    for free in 0 4096 12288 $half read-only; do
      mount -t tmpfs -o size=4m none "$disk"
      cp -r "$old/." "$disk"
      ls -AR "$disk" > "$disk.before"
      left=$(df -B1 --output=avail "$disk" | tail -1)
      case $free in
      read-only) mount -o remount,ro "$disk" ;;
      *) dd if=/dev/zero of="$disk/filler" bs=4096 count=$(( (left - free) / 4096 )) status=none
         ls -AR "$disk" > "$disk.before" ;;
      esac
      status=0
      "$@" > "$disk.output" 2> "$disk.errors" || status=$?
      cmp -s "$old/$name" "$disk/$name" && old_is=kept || old_is=changed
      ls -AR "$disk" | cmp -s - "$disk.before" && rest=clean || rest=litter
      echo "$free|$status|$old_is|$rest|$(wc -l < "$disk.errors")|$(tr '\\n' ' ' < "$disk.errors")"
      umount "$disk"
    done
    """

  @Test(
    "on a full disk or a read-only one, every program that writes says so in one line, exits with 73, and leaves the old file",
    .enabled(if: Sandbox.ownMounts != nil, "neither root nor a user namespace is to be had for a mount"))
  func noRoom() throws {
    var met = 0
    try withTemporaryDirectory { folder in
      let chain = try Chain(in: folder)
      let calls = try chain.runAll()
      let disk = folder + "/disk"
      try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: true)
      func meet(_ call: Call, _ arguments: [String], old: String, name: String) throws {
        let command = ["\(Sandbox.programs)/\(call.program)"] + arguments
        let quiet = call.program == "pgx" ? [] : ["--quiet"]
        let ended = try Sandbox.runWithOwnMounts(Self.states, [disk, old, name] + command + quiet)
        #expect(ended.status == 0, "\(call.name): \(ended.errors)")
        let lines = ended.output.split(separator: "\n")
        #expect(lines.count == 5)
        for line in lines where line.contains("|") {
          let fields = line.split(separator: "|", maxSplits: 5, omittingEmptySubsequences: false).map(
            String.init)
          let reason = fields[0] == "read-only" ? "Read-only file system" : "No space left on device"
          #expect(Array(fields[1...4]) == ["73", "kept", "clean", "1"], "\(call.name): \(line)")
          #expect(fields[5].contains(reason) && fields[5].contains(disk), "\(call.name): \(line)")
          met += 1
        }
      }
      var trained = false
      for call in calls {
        guard let old = call.output, !(trained && call.arguments.contains("--set")) else { continue }
        trained = trained || call.arguments.contains("--set")
        try? FileManager.default.removeItem(atPath: folder + "/old")
        try FileManager.default.createDirectory(atPath: folder + "/old", withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: old, toPath: folder + "/old/out.h5")
        try meet(call, call.arguments + ["--output", disk + "/out.h5"], old: folder + "/old", name: "out.h5")
      }
      // So many tasks that a slice needs more than three pages; one slice is not as it should be.
      let entries = (0..<400).map { "  - {name: task-\($0), environment: CartPole-v1}\n" }.joined()
      let lines = Chain.benchmark.split(separator: "\n").dropFirst().joined(separator: "\n")
      try write("tasks:\n\(entries)\(lines)\n", to: folder + "/many.yaml")
      let old = folder + "/older"
      let written = try Sandbox.run(
        Sandbox.programs + "/pgx", ["config", folder + "/many.yaml", "--output", old])
      try #require(written.status == 0, "\(written.errors)")
      let name = "seed-0/config/meta-train.yaml"
      try write(
        try String(contentsOfFile: "\(old)/\(name)", encoding: .utf8) + "# older\n", to: "\(old)/\(name)")
      try meet(
        chain.configuration, ["config", folder + "/many.yaml", "--output", disk], old: old, name: name)
    }
    print("reliability: full disks and read-only folders met: \(met)")
    #expect(met >= 50)
  }

  @Test(
    "a report that cannot be saved leaves the old one, says so in one line and exits with 73",
    .enabled(if: Sandbox.ownMounts != nil, "neither root nor a user namespace is to be had for a mount"))
  func reportWithoutRoom() throws {
    try withTemporaryDirectory { folder in
      let chain = try Chain(in: folder)
      try chain.runAll()
      let script = """
        mount -t tmpfs -o size=4m none "$1"
        cp -r "$2"/. "$1"
        echo old > "$1/report/table.txt"; echo old > "$1/report/learning-curves.svg"
        dd if=/dev/zero of="$1/filler" bs=4096 status=none 2> "$1.dd" || true
        ls -AR "$1" > "$1.before"
        status=0
        "$3" report --save "$1/full-train-eval.h5" 2>&1 > "$1.output" || status=$?
        ls -AR "$1" | cmp - "$1.before"
        echo "$status $(cat "$1"/report/*)"
        """
      let disk = folder + "/disk"
      try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: true)
      let ended = try Sandbox.runWithOwnMounts(script, [disk, chain.run, Sandbox.programs + "/pgx"])
      let line = "pgx report: error: cannot write \(disk)/report/table.txt: No space left on device"
      #expect(ended.output == "\(line)\n73 old\nold\n", "\(ended.output)\(ended.errors)")
    }
  }

  @Test(
    "a run folder that is removed while a stage works makes one line and status 73, and is not made again")
  func folderRemoved() throws {
    try withTemporaryDirectory { folder in
      let long = Chain.benchmark.replacingOccurrences(
        of: "total_timesteps: 96", with: "total_timesteps: 200000")
      let chain = try Chain(in: folder, benchmark: long)
      _ = try Sandbox.run("\(Sandbox.programs)/pgx", chain.configuration.whole)
      let target = folder + "/gone"
      try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: true)
      let script = """
        "$1" --quiet --config "$2" --output "$3/meta-train.h5" & program=$!
        while [ ! -e "$3/.meta-train.h5.lock" ] && kill -0 $program; do sleep 0.001; done
        kill -STOP $program; rm -r "$3"; kill -CONT $program
        status=0; wait $program || status=$?
        echo $status
        """
      let ended = try Sandbox.run(
        "/bin/sh",
        [
          "-euc", script, "script", "\(Sandbox.programs)/meta-train", chain.run + "/config/meta-train.yaml",
          target,
        ])
      #expect(ended.output == "73\n" && ended.errors.split(separator: "\n").count == 1, "\(ended)")
      #expect(ended.errors.contains("gone/meta-train.h5: cannot be written: No such file or directory"))
      #expect(!FileManager.default.fileExists(atPath: target))
    }
  }

  @Test(
    "a disk too full for a checkpoint stops no training, one for the artifact does, and the last checkpoint stays",
    .enabled(if: Sandbox.ownMounts != nil, "neither root nor a user namespace is to be had for a mount"))
  func checkpointsWithoutRoom() throws {
    try withTemporaryDirectory { folder in
      let long = Chain.benchmark.replacingOccurrences(
        of: "total_timesteps: 96", with: "total_timesteps: 20000")
      let chain = try Chain(in: folder, benchmark: long)
      try write("checkpoint_seconds: 0\n", to: folder + "/often.yaml")
      _ = try Sandbox.run("\(Sandbox.programs)/pgx", chain.configuration.whole)
      // Room for one checkpoint; then none for the next, whose learning curve is as long, beside it.
      let script = """
        mount -t tmpfs -o size=4m none "$2"
        "$1" --config "$3" --checkpoints "$4" --threads 1 --output "$2/m.h5" 2> /dev/null & program=$!
        while [ ! -e "$2/m.checkpoint-previous.h5" ] && kill -0 $program; do sleep 0.001; done
        kill -STOP $program
        dd if=/dev/zero of="$2/filler" bs=4096 status=none 2> /dev/null || true
        kill -CONT $program; status=0; wait $program || status=$?
        echo "$status $(ls "$2" | tr '\\n' ' ')"
        rm "$2/filler"
        "$1" --config "$3" --checkpoints "$4" --threads 1 --output "$2/m.h5" 2>&1 | grep -c -e 'goes on from' -e 'wrote '
        ls "$2"
        """
      let disk = folder + "/disk"
      try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: true)
      let ended = try Sandbox.runWithOwnMounts(
        script,
        [
          "\(Sandbox.programs)/meta-train", disk, chain.run + "/config/meta-train.yaml",
          folder + "/often.yaml",
        ])
      let lines = ended.output.split(separator: "\n")
      // One checkpoint or two, as the disk filled up.
      #expect(lines.first?.hasPrefix("73 filler m.checkpoint") == true, "\(ended)")
      #expect(lines.dropFirst() == ["2", "m.h5"], "\(ended)")
    }
  }

  @Test("a log that cannot be written is told and stops no work")
  func logNotWritable() throws {
    try withTemporaryDirectory { folder in
      let chain = try Chain(in: folder)
      let words = [
        "benchmark=b", "CONFIG=\(folder)/b.yaml", "runs=\(folder)/runs", "threads=2", "sample-subsets",
      ]
      let logs = folder + "/runs/b/seed-0/logs"
      try FileManager.default.createDirectory(
        atPath: logs + "/sample-subsets.log", withIntermediateDirectories: true)
      let ended = try Sandbox.make(words)
      #expect(ended.status == 0)
      #expect(ended.errors.contains("sample-subsets.log is incomplete"), "\(ended.errors)")
      _ = chain
      #expect(
        try Sandbox.run("\(Sandbox.programs)/pgx", ["show", folder + "/runs/b/seed-0/sample-subsets.h5"])
          .status == 0)
    }
  }

  @Test("an interrupted or failed recipe never deletes the artifact that its program has put in place")
  func finishedArtifactStays() throws {
    try withTemporaryDirectory { folder in
      _ = try Chain(in: folder)
      let programs = folder + "/bin"
      try FileManager.default.createDirectory(atPath: programs, withIntermediateDirectories: true)
      for name in try FileManager.default.contentsOfDirectory(atPath: Sandbox.programs)
      where !name.contains(".") {
        try FileManager.default.createSymbolicLink(
          atPath: "\(programs)/\(name)", withDestinationPath: "\(Sandbox.programs)/\(name)")
      }
      try FileManager.default.removeItem(atPath: programs + "/sample-subsets")
      try write(
        "#!/bin/sh\n'\(Sandbox.programs)/sample-subsets' \"$@\" && exit 1\n", to: programs + "/sample-subsets"
      )
      chmod(programs + "/sample-subsets", 0o755)
      let words = [
        "benchmark=b", "CONFIG=\(folder)/b.yaml", "runs=\(folder)/runs", "threads=2", "sample-subsets",
      ]
      let ended = try Sandbox.make(words + ["BIN=\(programs)"])
      #expect(ended.status == 2 && !ended.errors.contains("Deleting"), "\(ended.errors)")
      #expect(FileManager.default.fileExists(atPath: folder + "/runs/b/seed-0/sample-subsets.h5"))
    }
  }

  @Test(
    "standard output or error that is full or closed crashes no program: a lost answer is status 73, a lost log is not"
  )
  func standardStreams() throws {
    var count = 0
    try withTemporaryDirectory { folder in
      let chain = try Chain(in: folder)
      let calls = try chain.runAll()
      for call in calls
      where call.program != "full-train-eval" || call.output == nil || call.whole.contains("merge") {
        let command = ["\(Sandbox.programs)/\(call.program)"] + call.whole
        let before = try call.output.map { try Data(contentsOf: URL(fileURLWithPath: $0)) }
        for redirection in [
          "2>/dev/full", "2>&-", "2>/dev/full >/dev/full", ">&-", "<&-", "<&- >/dev/null 2>&-",
        ] {
          let ended = try Sandbox.run("/bin/sh", ["-c", "\"$@\" \(redirection)", "script"] + command)
          let answers = call.output == nil || call.arguments.contains("replay")
          let isLost = redirection.contains(">/dev/full >") || redirection == ">&-"
          // Slices that are as they were are not mentioned, so nothing is lost.
          let expected: Int32 = answers && isLost && !call.arguments.contains("config") ? 73 : 0
          #expect(ended.status == expected, "\(call.name) \(redirection): \(ended.status) \(ended.errors)")
          if let output = call.output {
            #expect(
              try Data(contentsOf: URL(fileURLWithPath: output)) == before, "\(call.name) \(redirection)")
          }
          count += 1
        }
      }
    }
    print("reliability: programs run with full or closed standard streams: \(count)")
  }
}
