/// The seconds that `body` takes.
func seconds(of body: () throws -> Void) rethrows -> Double {
  let start = ContinuousClock.now
  try body()
  return (ContinuousClock.now - start) / .seconds(1)
}

/// Repeats `body` for about a second.
///
/// - Parameter body: a piece of work, and how much of it was done.
/// - Returns: work per second.
func rate(_ body: () throws -> Int) rethrows -> Double {
  var done = 0
  let start = ContinuousClock.now
  while true {
    done += try body()
    let elapsed = (ContinuousClock.now - start) / .seconds(1)
    if elapsed >= 1 { return Double(done) / elapsed }
  }
}

/// Repeats `body` for about a second.
///
/// - Returns: the mean seconds of one repetition.
func meanSeconds(of body: () throws -> Void) rethrows -> Double {
  try 1
    / rate {
      try body()
      return 1
    }
}
