import Spelling
import Testing

@Suite struct SpellingTests {
  @Test(
    "the distance counts insertions, deletions, substitutions and swaps",
    arguments: [
      ("", "abc", 3), ("gamma", "gamma", 0), ("gama", "gamma", 1), ("seed", "sede", 1),
      ("kitten", "sitting", 3),
    ])
  func distances(a: String, b: String, expected: Int) {
    #expect(editDistance(a, b) == expected)
    #expect(editDistance(b, a) == expected)
  }

  @Test("a near miss is named, a far one lists what is known")
  func hints() {
    #expect(spellingHint(for: "gama", among: ["gamma", "gae_lambda"]) == "; did you mean \"gamma\"?")
    #expect(spellingHint(for: "quite_else", among: ["gamma", "seed"]) == "; known are gamma, seed")
  }
}
