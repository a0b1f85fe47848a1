internal import CCSDP
internal import Clustering
internal import Foundation
internal import LinearAlgebra
internal import Random

/// The relaxation of clustering at a gap of 1e-6, and whole clusterings, on instances of different difficulty.
///
/// A round of a relaxation is the slowest of its class: planted groups with little and with much noise, noise
/// alone, and smooth affinities between random points; each with the trace fixed at 3 and at 8, and penalised
/// at half and at one and a half standard deviations.
///
/// - Parameter peers: they solve one relaxation, with trace 3; CSDP of the same affinity, the others of one that NumPy
///   drew alike.
func relaxationBenchmarks(peers: Peers) -> [Benchmark] {
  var benchmarks: [Benchmark] = []
  for (n, limit) in [(10, 0.005), (50, nil), (100, 1.0)] as [(Int, Double?)] {
    for (kind, affinity) in instances(n) {
      var contestants = [
        Contestant("ours") {
          try terms(affinity).map { term in
            try seconds { _ = try Relaxation(affinity: affinity, term) }
          }.max() ?? 0
        }
      ]
      if n == 50 && kind == "noisy" {
        contestants.append(Contestant("CSDP, trace 3") { csdpSeconds(affinity) })
        contestants += peers.relaxation("CLARABEL", tasks: n, groups: 3)
        contestants += peers.relaxation("SCS", tasks: n, groups: 3)
      }
      benchmarks.append(
        Benchmark(
          name: "sdp-\(n)-\(kind)", title: "slowest of four relaxations of \(n) tasks, \(kind)",
          quantity: .seconds, contestants: contestants, targets: [], limit: limit))
    }
  }
  for n in [10, 50, 200, 500] {
    guard let (kind, affinity) = instances(n).first(where: { $0.0 == "noisy" }) else { continue }
    benchmarks.append(
      Benchmark(
        name: "clustering-\(n)", title: "choosing k and clustering \(n) tasks, \(kind)", quantity: .seconds,
        contestants: [
          Contestant("ours") {
            var random = RandomStream(seed: 1, name: "rounding")
            return try seconds { _ = try clusterTasks(affinity: affinity, using: &random) }
          }
        ], targets: []))
  }
  return benchmarks
}

/// The four terms of a benchmark.
private func terms(_ affinity: Matrix) -> [TraceTerm] {
  let unit = offDiagonalDeviation(affinity)
  return [.fixed(3), .fixed(8), .penalty(0.5 * unit), .penalty(1.5 * unit)]
}

/// The seconds that CSDP takes with the trace fixed at 3.
private func csdpSeconds(_ affinity: Matrix) -> Double {
  var solution = affinity.elements
  var (primal, dual) = (0.0, 0.0)
  return seconds {
    _ = csdp_relaxation(Int32(affinity.rows), affinity.elements, 3, 0, &solution, &primal, &dual)
  }
}

/// One affinity matrix of every kind, without additive effects.
private func instances(_ n: Int) -> [(kind: String, affinity: Matrix)] {
  var random = RandomStream(seed: 0, name: "relaxations-\(n)")
  var noise = Matrix(rows: n, columns: n, repeating: 0)
  for t in noise.elements.indices { noise.elements[t] = random.gaussian() }
  noise = noise.symmetrized()
  let points = (0..<n).map { _ in (0..<3).map { _ in random.gaussian() } }
  let groups = max(3, min(n / 10, 5))
  func matrix(_ entry: (Int, Int) -> Double) -> Matrix {
    var result = noise
    for i in 0..<n {
      for j in 0..<n { result[i, j] = entry(i, j) }
    }
    return removingAdditiveEffects(result)
  }
  func planted(_ deviation: Double) -> Matrix {
    // The symmetric part of independent entries has half their variance.
    matrix { ($0 % groups == $1 % groups ? 1 : 0) + deviation * 2.0.squareRoot() * noise[$0, $1] }
  }
  let smooth = matrix { i, j in
    var square = 0.0
    for d in 0..<3 { square += (points[i][d] - points[j][d]) * (points[i][d] - points[j][d]) }
    return exp(-square / 2)
  }
  return [
    ("clear", planted(0.2)), ("noisy", planted(1)), ("noise", matrix { noise[$0, $1] }), ("smooth", smooth),
  ]
}
