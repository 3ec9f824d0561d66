// docs/SEMANTICS.md, "What is removed", read by the letter.

extension ModelStore {
  /// Removes the events before a time of their kind's own (UTC milliseconds); kinds that have none stay.
  mutating func remove(before cutoffs: [String: Int]) {
    remove { event in cutoffs[event.kind].map { event.time < $0 } ?? false }
  }

  /// Removes a recipient with everything it has.
  mutating func forget(_ recipient: String) {
    fileAttributes["recipient"]?[recipient] = nil
    remove { $0.recipient == recipient }
  }

  private mutating func remove(_ goes: (ModelEvent) -> Bool) {
    events.removeAll(where: goes)
    identities = Set(events.compactMap { event in event.id.map { ModelStore.identity(event, $0) } })
    // A message keeps what its events stated as long as one of them is left.
    let messages = events.map(\.message)
    records.removeAll { !messages.contains($0.message) }
    let recipients = keys("recipient")
    statedDomains = statedDomains.filter { recipients.contains($0.key) }
  }
}
