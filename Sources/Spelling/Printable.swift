/// A text of unknown origin as a terminal may get it: what it would obey instead of showing (control characters, marks
/// that change the direction of writing, other invisible ones) as `\u{1B}`; line breaks and tabs stay.
package func printable(_ text: String) -> String {
  guard text.unicodeScalars.contains(where: { !$0.isShown && $0 != "\n" && $0 != "\t" }) else { return text }
  return text.unicodeScalars.map { scalar in
    scalar.isShown || scalar == "\n" || scalar == "\t"
      ? String(scalar) : "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
  }.joined()
}

/// Whether a text is one line without characters that a terminal would obey instead of showing: what names must be.
package func isPrintableLine(_ text: String) -> Bool { text.unicodeScalars.allSatisfy(\.isShown) }

extension Unicode.Scalar {
  fileprivate var isShown: Bool {
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: false
    default: true
    }
  }
}
