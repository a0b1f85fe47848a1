/// All benchmarks, in the order of docs/performance.md.
///
/// - Parameters:
///   - threads: for those that can use several.
///   - peers: others' libraries, if wanted.
func benchmarks(threads: Int, peers: Peers) -> [Benchmark] {
  tanhBenchmarks()
}
