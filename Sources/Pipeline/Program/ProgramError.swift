internal import Foundation
package import Training

/// Why a program cannot do its work, or has stopped it; printed as one line.
package enum ProgramError: Error, CustomStringConvertible {
  /// A command line that cannot be carried out: what is wrong, and what would be right.
  case usage(String)
  /// An input that can be read, but whose contents a stage cannot work with.
  case input(file: String, reason: String)
  /// A file that cannot be written.
  case output(file: String, reason: String)
  /// Another process, as it names itself, is making the artifact.
  case held(output: String, by: String)
  /// The settings or an input of a stage have changed while it was at work.
  case changedMeanwhile(file: String)
  /// A training met a number that is not finite; `kept` is the checkpoint of the last good state that was saved.
  case diverged(NonFiniteNumber, kept: String?)
  /// The program was asked to stop, and has saved where it stands: a line that says who, where, and how to go on.
  case stopped(String)

  /// A file that cannot be written, with the system's reason for an error number.
  static func output(_ file: String, _ number: Int32) -> ProgramError {
    .output(file: file, reason: String(cString: strerror(number)))
  }

  /// The exit status that tells what kind of error it is.
  var exitCode: Int32 {
    switch self {
    case .usage: 64
    case .input: 65
    case .diverged: 70
    case .output: 73
    case .held, .changedMeanwhile, .stopped: Interruption.status
    }
  }

  /// One line: what it is about, why, and what to do.
  package var description: String {
    switch self {
    case .usage(let text), .stopped(let text): text
    case .input(let file, let reason): "\(file): \(reason)"
    case .output(let file, let reason): "cannot write \(file): \(reason)"
    case .held(let output, let holder):
      "\(output) is being made by \(holder); wait for it, stop it, or give another runs= folder"
    case .changedMeanwhile(let file):
      "\(file) has changed since the stage began, so what it has made is not written; run it again"
    case .diverged(let number, let kept?):
      "\(TrainingError.nonFinite(number)); the last good state that was saved is kept in \(kept)"
    case .diverged(let number, nil): "\(TrainingError.nonFinite(number)); no state was saved before"
    }
  }
}
