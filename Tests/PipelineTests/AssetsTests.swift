import Artifacts
import Foundation
import TestSupport
import Testing

@Suite struct AssetsTests {
  @Test("where no robot's model is, cart-poles are trained and name none, and cheetahs are refused at once")
  func missingModels() throws {
    try withTemporaryDirectory { folder in
      let nowhere = ["PGX_ASSETS": folder + "/absent"]
      let run = TinyRun(folder: folder)
      try run.write(tinyBenchmark)
      let slices = try Programs.run(
        "pgx", ["config", run.config, "--output", folder], environment: nowhere)
      #expect(slices.status == 0, "\(slices.errors)")
      let trained = try Programs.run(
        "meta-train",
        ["--config", "\(folder)/seed-0/config/meta-train.yaml", "--output", "\(folder)/meta-train.h5"],
        environment: nowhere)
      #expect(trained.status == 0, "\(trained.errors)")
      let shown = try Programs.run("pgx", ["show", "\(folder)/meta-train.h5"])
      #expect(shown.output.contains("libraries") && !shown.output.contains("HalfCheetah"))

      let cheetah = "\(Programs.checkout)/configs/halfcheetah.yaml"
      let refused = try Programs.run("pgx", ["config", cheetah], environment: nowhere)
      #expect(refused.status == 64 && refused.errorLines.count == 1)
      #expect(refused.errors.contains("PGX_ASSETS is \(folder)/absent, but there is no half_cheetah.xml"))
    }
  }
}
