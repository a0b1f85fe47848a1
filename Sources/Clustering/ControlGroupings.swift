package import Random

/// Random partitions with the group sizes of a given one: the control for "any grouping of these sizes".
///
/// - Parameter random: draw d uses its stream "draw-d", so that a longer list starts like a shorter one.
/// - Returns: `count` partitions, all different and none equal to `grouping` as long as there are enough of
///   them; where there are not, repeats, and in the last resort `grouping` itself.
package func randomGroupings(like grouping: Grouping, count: Int, using random: RandomStream) -> [Grouping] {
  let attemptLimit = 1000
  let labels = grouping.labels
  var drawn: [Grouping] = []
  for draw in 0..<count {
    var stream = random.derived("draw-\(draw)")
    var candidate = grouping
    var repeated: Grouping?
    for _ in 0..<attemptLimit {
      var shuffled = labels
      stream.shuffle(count: shuffled.count) { shuffled.swapAt($0, $1) }
      candidate = Grouping(labels: shuffled)
      guard candidate != grouping else { continue }
      repeated = candidate
      if !drawn.contains(candidate) { break }
    }
    drawn.append(candidate != grouping && !drawn.contains(candidate) ? candidate : repeated ?? grouping)
  }
  return drawn
}
