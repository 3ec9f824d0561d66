// What one repetition of a benchmark works on, so that times become rates.

package struct Work: Codable, Equatable, Sendable {
  package var count: Double
  /// What is counted: "lines".
  package var noun: String
  /// 0 where bytes say nothing.
  package var byteCount: Double

  package init(_ count: Int, _ noun: String, byteCount: Int = 0) {
    self.count = Double(count)
    self.noun = noun
    self.byteCount = Double(byteCount)
  }
}
