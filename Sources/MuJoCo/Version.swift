internal import CMuJoCo

/// The version of the engine in use ("3.3.0"), for provenance.
package func muJoCoVersion() -> String {
  String(cString: mj_versionString())
}
