/// All benchmarks, in the order of docs/performance.md.
///
/// - Parameters:
///   - threads: for those that can use several.
///   - peers: others' libraries, if wanted.
/// - Throws: if the model files of the environments are missing.
func benchmarks(threads: Int, peers: Peers) throws -> [Benchmark] {
  try steppingBenchmarks(threads: threads, peers: peers) + learningBenchmarks(threads: threads, peers: peers)
    + inferenceBenchmarks(peers: peers) + tanhBenchmarks() + projectionBenchmarks(threads: threads)
    + logisticFitBenchmarks(threads: threads, peers: peers) + relaxationBenchmarks(peers: peers)
    + memoryBenchmarks(threads: threads)
}
