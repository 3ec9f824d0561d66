// The clients, devices and operating systems of user agents as small codes. Most queries ask for none of them, so each
// vocabulary is made when it is first asked for.

internal import Columnar
internal import Synchronization

final class AgentVocabularies: Sendable {
  private struct Made {
    var clients: Vocabulary?
    var devices: Vocabulary?
    var systems: Vocabulary?
  }

  /// By user-agent ordinal.
  private let agents: [UserAgentEntry]
  private let made = Mutex(Made())

  init(_ agents: [UserAgentEntry]) { self.agents = agents }

  /// The codes of a user-agent trait; nil for other dimensions.
  subscript(dimension: Dimension) -> Vocabulary? {
    switch dimension {
    case .client: vocabulary(\.clients) { $0.client }
    case .device: vocabulary(\.devices) { $0.device }
    case .os: vocabulary(\.systems) { $0.os }
    default: nil
    }
  }

  private func vocabulary(
    _ place: WritableKeyPath<Made, Vocabulary?>, _ text: (UserAgentEntry) -> String
  ) -> Vocabulary {
    made.withLock { made in
      if let known = made[keyPath: place] { return known }
      let vocabulary = Vocabulary(agents.map(text))
      made[keyPath: place] = vocabulary
      return vocabulary
    }
  }
}

/// The distinct texts of one trait and each entry's code among them.
struct Vocabulary: Sendable {
  /// Sorted; code is index plus one.
  let words: [String]
  /// By user-agent code.
  let codes: [UInt32]

  init(_ texts: [String]) {
    words = Set(texts).filter { !$0.isEmpty }.sorted()
    var codeByWord: [String: UInt32] = [:]
    for (index, word) in words.enumerated() { codeByWord[word] = UInt32(index + 1) }
    codes = [0] + texts.map { codeByWord[$0] ?? 0 }
  }
}
