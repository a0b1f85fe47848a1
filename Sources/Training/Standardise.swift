/// Brings numbers to mean 0 and standard deviation 1: (x − mean) / (s.d. + 1e-8), statistics in double.
///
/// - Parameters:
///   - values: the buffer, read and overwritten at the given places.
///   - places: the indices of the numbers, in a fixed order.
package func standardise(_ values: UnsafeMutablePointer<Float>, at places: some Collection<Int>) {
  guard !places.isEmpty else { return }
  var sum = 0.0
  for index in places { sum += Double(values[index]) }
  let mean = sum / Double(places.count)
  var square = 0.0
  for index in places {
    let difference = Double(values[index]) - mean
    square += difference * difference
  }
  let deviation = (square / Double(places.count)).squareRoot() + 1e-8
  for index in places { values[index] = Float((Double(values[index]) - mean) / deviation) }
}
