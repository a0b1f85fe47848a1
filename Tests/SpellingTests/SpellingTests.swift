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

  @Test("what a terminal would obey is shown by its number; letters of any language and line breaks stay")
  func terminals() {
    #expect(printable("\u{1B}[2Ja\tb\nc\r\u{202E}\u{9B}") == "\\u{1B}[2Ja\tb\nc\\u{D}\\u{202E}\\u{9B}")
    for text in ["Größe λ 任务 😀", "", "a b/c-1.5"] {
      #expect(printable(text) == text && isPrintableLine(text))
    }
    for text in ["a\nb", "a\tb", "\u{0}", "a\u{2029}", "\u{FEFF}a"] { #expect(!isPrintableLine(text)) }
  }

  @Test("the columns of a table are as wide as their widest cell, names to the left and numbers to the right")
  func table() {
    let text = aligned([["task", "single", "a"], ["cartpole/flip", "9.5", "10.25"], ["é", "–", ""]])
    #expect(
      text == """
        task           single      a
        cartpole/flip     9.5  10.25
        é                   –       \n
        """)
    #expect(aligned([]).isEmpty)
    #expect(aligned([["a", "b"], ["c"]]) == "a  b\nc\n")
  }
}
