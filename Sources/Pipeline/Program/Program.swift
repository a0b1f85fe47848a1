package import ArgumentParser
internal import Foundation

/// A program of the project, or a command of one. It answers a mistake on its command line with exit status 64 and one
/// line on standard error, which names the mistake and where help is; an error of its work with one line and the status
/// of `exitStatus`.
package protocol Program: ParsableCommand {}

extension Program {
  /// Parses the process's command line and runs what it asks for.
  package static func main() {
    occupyStandardDescriptors()
    do {
      var command = try parseAsRoot()
      // ArgumentParser's own command, which prints help, is none of the project's.
      guard let program = type(of: command) as? any Program.Type else { return try command.run() }
      let names = [programName] + (program == Self.self ? [] : [program.programName])
      try reportingErrors(names.joined(separator: " ")) { try command.run() }
    } catch {
      // Help that was asked for, and statuses whose line is printed already, are ArgumentParser's.
      guard !(error is ExitCode), exitCode(for: error) == .validationFailure else { exit(withError: error) }
      let line = usageLine(message: message(for: error), whole: fullMessage(for: error), root: programName)
      try? show(line, isError: true)
      exit(withError: ExitCode.validationFailure)
    }
  }

  /// The name on a command line: the configured one, or the type's in lower case.
  private static var programName: String { configuration.commandName ?? "\(Self.self)".lowercased() }
}

/// Opens /dev/null in place of standard streams that the caller has closed. Otherwise the first files that the program
/// opens would get their numbers, and be written what is meant for the terminal.
private func occupyStandardDescriptors() {
  var descriptor: Int32
  repeat { descriptor = open("/dev/null", O_RDONLY) } while (0...STDERR_FILENO).contains(descriptor)
  if descriptor > STDERR_FILENO { close(descriptor) }
}

/// A mistake on a command line as one line: "pgx show: error: Unknown option '--bogus'; see 'pgx show --help'".
///
/// - Parameters:
///   - whole: ArgumentParser's message with the usage and, at its end, "See '<command> --help' …".
///   - root: the program, for a message without that end.
func usageLine(message: String, whole: String, root: String) -> String {
  func oneLine(_ text: some StringProtocol) -> String {
    text.split(whereSeparator: \.isNewline).map { $0.drop { $0 == " " } }.joined(separator: " ")
  }
  let hint = whole.split(whereSeparator: \.isNewline).last.flatMap { $0.firstMatch(of: /See '(.+) --help'/) }
  let command = hint.map { String($0.1) } ?? root
  return "\(command): error: \(oneLine(message)); see '\(command) --help'"
}
