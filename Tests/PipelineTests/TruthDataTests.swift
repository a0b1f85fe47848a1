import Artifacts
import Foundation
import TestSupport
import Testing

@Suite struct TruthDataTests {
  private static let folder = "\(Programs.checkout)/data/truth"

  @Test(
    "every committed truth is whole, small, of its benchmark's tasks, and has the digest that its page says")
  func committed() throws {
    let page = try String(contentsOfFile: "\(Self.folder)/README.md", encoding: .utf8)
    let names = files(below: Self.folder).filter { $0.hasSuffix(".h5") }
    #expect(names.count >= 2)
    for name in names {
      let file = "\(Self.folder)/\(name)"
      let truth = try TruthArtifact(reading: file)
      #expect(!truth.returns.contains { $0.isNaN } && truth.tasks.count == 10, "\(name)")
      let digest = try Programs.run("pgx", ["digest", file]).output.prefix(64)
      let row = page.split(separator: "\n").first { $0.hasPrefix("| `\(name)` |") }
      #expect(row?.contains("`\(digest)`") == true, "\(name) has the digest \(digest)")
      let size = try FileManager.default.attributesOfItem(atPath: file)[.size] as? Int
      #expect((size ?? .max) < 3_000_000)
      // A benchmark whose tasks or learner change needs a truth of its own.
      let benchmark = name.replacing(".h5", with: "")
      let slice = try withTemporaryDirectory { folder in
        _ = try Programs.run(
          "pgx",
          ["config", "\(Programs.checkout)/configs/\(benchmark).yaml", "--seeds", "0", "--output", folder])
        return try String(contentsOfFile: "\(folder)/seed-0/config/truth.yaml", encoding: .utf8)
      }
      func settings(_ text: String) -> [Substring] {
        text.split(separator: "\n").filter { !$0.contains("  sizes: ") && !$0.contains("  meta_repeats: ") }
      }
      #expect(settings(slice) == settings(try Provenance(reading: file).config), "\(name)")
    }
  }
}
