// What columns are made of, for people.

extension Encoding {
  /// Blocks by encoding, most used first: `bitPacked 12, constant 3`.
  package static func summary(of blocks: [[EncodedBlock]]) -> String {
    var blocksByEncoding: [Encoding: Int] = [:]
    for block in blocks.joined() { blocksByEncoding[block.encoding, default: 0] += 1 }
    let sorted = blocksByEncoding.sorted {
      ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue)
    }
    return sorted.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
  }
}
