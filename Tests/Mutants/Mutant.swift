internal import Foundation

/// A small wrong edit of a source file: one line of the list.
struct Mutant {
  /// Its number, from 1, in the order of the list; what PGX_MUTANT says to switch it on.
  let number: Int
  /// The file, below the checkout.
  let file: String
  /// Text that the file holds exactly once, around the expression in « » that is replaced.
  let fragment: String
  /// The wrong expression.
  let replacement: String
  /// The tests that are to fail: a regular expression of swift test --filter.
  let tests: String
  /// Why no test can tell it from the right one; empty for a mutant that must be caught.
  let excuse: String

  /// The expression that is replaced.
  var original: String { parts[1] }

  private var parts: [String] { fragment.components(separatedBy: CharacterSet(charactersIn: "«»")) }

  /// Reads one line: file, fragment, replacement and tests, with tabs between, and perhaps an excuse.
  ///
  /// - Throws: `MutantError` for a line of another form.
  init(number: Int, line: String) throws {
    let fields = line.components(separatedBy: "\t")
    guard fields.count == 4 || fields.count == 5, fields.allSatisfy({ !$0.isEmpty }) else {
      throw MutantError("mutant \(number): expected file, fragment, replacement and tests, found \(line)")
    }
    self.number = number
    // A line break of the file is \\n in the list.
    (file, fragment) = (fields[0], fields[1].replacing("\\n", with: "\n"))
    (replacement, tests) = (fields[2], fields[3])
    excuse = fields.count == 5 ? fields[4] : ""
    guard parts.count == 3, !parts[1].isEmpty else {
      throw MutantError("mutant \(number): expected one expression in « », found \(fragment)")
    }
  }

  /// Where the expression stands in a text.
  ///
  /// - Throws: `MutantError` unless the fragment is there exactly once.
  func place(in text: String) throws -> Range<String.Index> {
    let found = text.ranges(of: parts.joined())
    guard found.count == 1 else {
      throw MutantError("mutant \(number): \(file) holds \(parts.joined()) \(found.count) times, not once")
    }
    let start = text.index(found[0].lowerBound, offsetBy: parts[0].count)
    return start..<text.index(start, offsetBy: parts[1].count)
  }
}

/// A list of mutants, or a checkout, that is not as it should be.
struct MutantError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

/// A file's text with each mutant's expression behind a switch: `(the switch is at 3 ? (wrong) : (right))`.
///
/// So one build holds all mutants, and PGX_MUTANT chooses one when a program starts.
///
/// - Throws: `MutantError` for a fragment that is not there exactly once, or two that overlap.
func mutated(_ text: String, by mutants: [Mutant], switch name: String) throws -> String {
  var groups: [Range<String.Index>: [Mutant]] = [:]
  for mutant in mutants { groups[try mutant.place(in: text), default: []].append(mutant) }
  var (result, end) = ("", text.startIndex)
  for (place, mutants) in groups.sorted(by: { $0.key.lowerBound < $1.key.lowerBound }) {
    guard place.lowerBound >= end else {
      throw MutantError("mutant \(mutants[0].number) overlaps another one of \(mutants[0].file)")
    }
    let wrong = mutants.map { "\(name) == \($0.number) ? (\($0.replacement)) : " }.joined()
    result += text[end..<place.lowerBound] + "(\(wrong)(\(text[place])))"
    end = place.upperBound
  }
  return result + text[end...]
}
