internal import COpenBLAS

/// The library behind this module.
enum OpenBLAS {
  /// Sets the library to one thread, the first time it is read.
  ///
  /// Every function of this module reads it. Results on one and on several BLAS threads differ in their last
  /// bits, so the pipeline takes its parallelism from `Workers` alone.
  static let onOneThread: Void = openblas_set_num_threads(1)
}

/// The version and build options of OpenBLAS, as `openblas_get_config` gives them, for provenance.
package func openBLASVersion() -> String {
  OpenBLAS.onOneThread
  guard let text = openblas_get_config() else { return "OpenBLAS" }
  return String(cString: text)
}

/// The processor kernels that OpenBLAS chose ("SkylakeX"): bits are equal only between equal names.
package func openBLASCoreName() -> String {
  OpenBLAS.onOneThread
  guard let text = openblas_get_corename() else { return "unknown" }
  return String(cString: text)
}
