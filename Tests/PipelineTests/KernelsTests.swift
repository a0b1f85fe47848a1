import Artifacts
import Foundation
import TestSupport
import Testing

/// Runs with kernels=common and without.
@Suite struct KernelsTests {
  /// Makes a target in a folder of its own and returns the run's folder.
  private func made(
    _ target: String, _ run: TinyRun, _ name: String, kernels: String, environment: [String: String] = [:]
  ) throws -> String {
    let finished = try Programs.make(
      [
        "benchmark=tiny", "CONFIG=\(run.config)", "runs=\(run.folder)/\(name)", "threads=2",
        "kernels=\(kernels)", target,
      ], environment: environment)
    try #require(finished.status == 0, "\(finished.output)\(finished.errors)")
    return "\(run.folder)/\(name)/tiny/seed-0"
  }

  /// The libraries that an artifact of a run was made with.
  private func libraries(_ artifact: String) throws -> [String: String] {
    try Provenance(reading: artifact).libraries
  }

  @Test("kernels=common gives equal bytes whatever the environment asks of OpenBLAS and of the C library")
  func common() throws {
    try withTinyRun { run in
      let first = try made("full-train-eval", run, "unset", kernels: "common")
      let artifacts = files(below: first).filter { $0.hasSuffix(".h5") }
      #expect(artifacts.count >= 7 + 5)
      #expect(try libraries("\(first)/score.h5")["OpenBLAS core"] == "Haswell")
      // The first differs most from what is asked for.
      let settings = Extent.of(
        short: ["Nehalem"], full: ["Nehalem", "Haswell", "Zen", "SkylakeX", "Prescott"])
      for core in settings {
        let environment = ["OPENBLAS_CORETYPE": core, "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-FMA,-FMA_Usable"]
        let other = try made("full-train-eval", run, core, kernels: "common", environment: environment)
        #expect(files(below: other).filter { $0.hasSuffix(".h5") } == artifacts)
        for artifact in artifacts {
          #expect(
            try bytes("\(first)/\(artifact)") == bytes("\(other)/\(artifact)"),
            "\(artifact) differs under \(core)")
        }
      }
      print(
        "reliability: artifacts of kernels=common with equal bytes under \(settings.count + 1) settings of",
        "OPENBLAS_CORETYPE and 2 of GLIBC_TUNABLES: \(artifacts.count)")
    }
  }

  @Test(
    "without the switch the environment chooses, results differ in their bits, and pgx diff names the kernels"
  )
  func native() throws {
    try withTinyRun { run in
      let common = try made("linearized-adapt", run, "common", kernels: "common")
      let environment = [
        "OPENBLAS_CORETYPE": "Nehalem", "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-FMA,-FMA_Usable",
      ]
      let native = try made("linearized-adapt", run, "native", kernels: "native", environment: environment)
      let pairs = ["sample-subsets", "linearized-adapt"].map { ("\(common)/\($0).h5", "\(native)/\($0).h5") }
      let (mine, theirs) = (try libraries(pairs[0].0), try libraries(pairs[0].1))
      // Without a choice of kernels (DYNAMIC_ARCH) in OpenBLAS there is nothing to see here.
      guard theirs["OpenBLAS core"] == "Nehalem", mine["OpenBLAS core"] == "Haswell" else { return }
      let content = try Programs.run("pgx", ["diff", pairs[0].0, pairs[0].1])
      #expect(content.status == 0 && content.output.hasSuffix("\nequal content\n"))
      let lines = content.output.split(separator: "\n").filter { $0.hasPrefix("/provenance@libraries: ") }
      let sides = try #require(lines.first).components(separatedBy: " | ")
      #expect(lines.count == 1 && sides.count == 2)
      #expect(sides[0].contains("OpenBLAS core: Haswell") && sides[1].contains("OpenBLAS core: Nehalem"))
      #expect(!content.output.contains("HDF5: "), "a library that is equal is named")
      let bits = try Programs.run("pgx", ["diff", pairs[1].0, pairs[1].1])
      #expect(bits.status == 1 && bits.output.contains("\n/solution["), "\(bits.output)")
      // A processor without fused multiply-adds has nothing that the setting could take away.
      let processor = try String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)
      if processor.contains(" fma ") {
        #expect(mine["C library functions"] != theirs["C library functions"])
        #expect(content.output.contains("C library functions: "))
      }
    }
  }
}
