// What values of a measurement are counted in.

package enum Unit: String, Codable, Sendable {
  case nanoseconds
  case bytes
  case bytesPerEvent = "bytes/event"
  case bitsPerValue = "bits/value"
}
