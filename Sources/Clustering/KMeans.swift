internal import LinearAlgebra
internal import Random

/// One run of k-means on the rows of `points`, shape (n, d): k-means++ seeding (Arthur and Vassilvitskii 2007), then
/// Lloyd's iteration.
///
/// - Returns: a partition into exactly k groups, k in 1...n, also where fewer than k points differ.
func kMeans(_ points: Matrix, groupCount: Int, using random: inout RandomStream) -> Grouping {
  let iterationLimit = 100
  var centres = seededCentres(points, groupCount: groupCount, using: &random)
  var labels: [Int] = []
  for _ in 0..<iterationLimit {
    let previous = labels
    labels = nearestCentres(points, centres)
    fillEmptyGroups(&labels, points, centres)
    if labels == previous { break }
    centres = means(points, labels, groupCount: groupCount)
  }
  return Grouping(labels: labels)
}

/// k distinct points, each next one drawn in proportion to its squared distance from those before.
private func seededCentres(_ points: Matrix, groupCount: Int, using random: inout RandomStream) -> Matrix {
  var chosen = [random.index(below: points.rows)]
  var weights = [Double](repeating: .infinity, count: points.rows)  // to the nearest chosen point
  while let last = chosen.last, chosen.count < groupCount {
    for i in weights.indices { weights[i] = min(weights[i], squaredDistance(points, i, points, last)) }
    var remaining = random.uniform() * weights.reduce(0, +)
    // Where all remaining points coincide with a centre, any unused one does.
    var next = (0..<points.rows).first { !chosen.contains($0) } ?? 0
    for i in 0..<points.rows where weights[i] > 0 {
      next = i
      remaining -= weights[i]
      if remaining < 0 { break }
    }
    chosen.append(next)
  }
  return Matrix(rows: groupCount, columns: points.columns, elements: chosen.flatMap { points.row($0) })
}

/// The nearest centre of every point, the first among equally near ones; shape (n).
private func nearestCentres(_ points: Matrix, _ centres: Matrix) -> [Int] {
  (0..<points.rows).map { i in
    let distances = (0..<centres.rows).map { squaredDistance(points, i, centres, $0) }
    return distances.indices.min { distances[$0] < distances[$1] } ?? 0
  }
}

/// Gives every empty group the point that is farthest from its centre among the groups of more than one.
private func fillEmptyGroups(_ labels: inout [Int], _ points: Matrix, _ centres: Matrix) {
  var sizes = [Int](repeating: 0, count: centres.rows)
  for label in labels { sizes[label] += 1 }
  for empty in 0..<centres.rows where sizes[empty] == 0 {
    var farthest = -1
    var largest = -1.0
    for i in labels.indices where sizes[labels[i]] > 1 {
      let distance = squaredDistance(points, i, centres, labels[i])
      if distance > largest {
        largest = distance
        farthest = i
      }
    }
    sizes[labels[farthest]] -= 1
    labels[farthest] = empty
    sizes[empty] = 1
  }
}

/// The mean point of every group; shape (k, d).
private func means(_ points: Matrix, _ labels: [Int], groupCount: Int) -> Matrix {
  var centres = Matrix(rows: groupCount, columns: points.columns, repeating: 0)
  var sizes = [Double](repeating: 0, count: groupCount)
  for (i, label) in labels.enumerated() {
    sizes[label] += 1
    for d in 0..<points.columns { centres[label, d] += points[i, d] }
  }
  for c in 0..<groupCount {
    for d in 0..<points.columns { centres[c, d] /= sizes[c] }
  }
  return centres
}

/// The squared Euclidean distance between row i of one matrix and row j of another.
private func squaredDistance(_ a: Matrix, _ i: Int, _ b: Matrix, _ j: Int) -> Double {
  var sum = 0.0
  for d in 0..<a.columns {
    let difference = a[i, d] - b[j, d]
    sum += difference * difference
  }
  return sum
}
