package import LinearAlgebra
internal import Random

/// The groups of a relaxed solution: the best of several ways of rounding it, by ⟨U, X⟩.
///
/// The ways are the greedy scan, where it gives k groups, and k-means on the leading eigenvectors from several starts.
///
/// - Parameters:
///   - relaxation: the relaxed solution for k groups, shape (n, n).
///   - count: k, in 1...n.
/// - Throws: `ClusteringError.linearAlgebra` if the eigenvectors cannot be computed.
func roundedGrouping(
  of relaxation: Matrix, affinity: Matrix, groupCount count: Int, using random: inout RandomStream
) throws(ClusteringError) -> Grouping {
  let starts = 50
  let n = relaxation.rows
  let greedy = greedyGrouping(of: relaxation)
  var candidates = greedy.groupCount == count ? [greedy] : []
  if count == 1 {
    candidates.append(.single(n))
  } else if count == n {
    candidates.append(.separate(n))
  } else {
    let points = try leadingEigenvectors(of: relaxation, count: count)
    for _ in 0..<starts { candidates.append(kMeans(points, groupCount: count, using: &random)) }
  }
  var best = candidates[0]
  for candidate in Set(candidates).subtracting([best]).sorted(by: {
    $0.labels.lexicographicallyPrecedes($1.labels)
  })
  where candidate.objective(for: affinity) > best.objective(for: affinity) {
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
