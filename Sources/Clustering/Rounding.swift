package import LinearAlgebra
package import Random

/// The groups of a relaxed solution: the best of several ways of rounding it.
///
/// Candidates are the greedy scan and k-means on the leading eigenvectors from several starts, where k is the
/// fixed count, or the rounded trace. The one with the largest ⟨U, X⟩ − λ k wins; with a fixed count, among
/// those of k groups.
///
/// - Parameters:
///   - relaxation: the solution for this affinity and term.
///   - affinity: U, shape (n, n).
///   - starts: how often k-means starts anew, at least 1.
///   - random: where the starts are drawn.
/// - Returns: a partition whose groups are not empty, with exactly k of them where k is fixed.
/// - Throws: `ClusteringError.linearAlgebra` if the eigenvectors cannot be computed.
package func roundedGrouping(
  of relaxation: Relaxation, affinity: Matrix, _ term: TraceTerm, starts: Int,
  using random: inout RandomStream
) throws(ClusteringError) -> Grouping {
  precondition(starts >= 1, "k-means needs at least one start")
  let n = relaxation.matrix.rows
  let count = term.groupCount ?? min(max(Int(relaxation.trace.rounded()), 1), n)
  let greedy = greedyGrouping(of: relaxation.matrix)
  var candidates = term.groupCount == nil || greedy.groupCount == count ? [greedy] : []
  if count == 1 {
    candidates.append(.single(n))
  } else if count == n {
    candidates.append(.separate(n))
  } else {
    let points = try leadingEigenvectors(of: relaxation.matrix, count: count)
    for _ in 0..<starts { candidates.append(kMeans(points, groupCount: count, using: &random)) }
  }
  func value(_ grouping: Grouping) -> Double {
    grouping.objective(for: affinity) - term.penalty * Double(grouping.groupCount)
  }
  var best = candidates[0]
  for candidate in Set(candidates).subtracting([best]).sorted(by: {
    $0.labels.lexicographicallyPrecedes($1.labels)
  })
  where value(candidate) > value(best) {
    best = candidate
  }
  return best
}

/// Scans the tasks in order; one without a group opens a group with all later ones j that have X_ij > 1/n.
///
/// The threshold is lowered by 10⁻⁶, because X_ij = 1/n throughout where all tasks belong together.
package func greedyGrouping(of relaxation: Matrix) -> Grouping {
  let n = relaxation.rows
  let threshold = 1 / Double(n) - 1e-6
  var labels = [Int](repeating: -1, count: n)
  for i in 0..<n where labels[i] < 0 {
    labels[i] = i
    for j in i..<n where labels[j] < 0 && relaxation[i, j] > threshold { labels[j] = i }
  }
  return Grouping(labels: labels)
}

/// Every task as a point: its entries in the eigenvectors of the k largest eigenvalues; shape (n, k).
private func leadingEigenvectors(of matrix: Matrix, count: Int) throws(ClusteringError) -> Matrix {
  let n = matrix.rows
  var eigen = LeadingEigenvectors(order: n)
  do {
    try eigen.reduce(matrix.elements)
    try eigen.findVectors(from: 0)
  } catch {
    throw .linearAlgebra(error)
  }
  let leading = Array(eigen.vectors[((n - count) * n)...])
  return Matrix(rows: count, columns: n, elements: leading).transposed()
}
