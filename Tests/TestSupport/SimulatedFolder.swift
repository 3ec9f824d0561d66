// The names in one folder twice: as the system shows them, and as they are on the platter.

import Base

struct SimulatedFolder {
  /// What readers see: names, and the numbers of the files or folders they lead to.
  private(set) var cached: [String: Int] = [:]
  private var platter: [String: Int] = [:]
  private var pending: [Change] = []

  /// What one call does to names; it happens as a whole or not at all.
  private struct Change {
    var added: (name: String, number: Int)?
    var removed: String?

    func apply(to names: inout [String: Int]) {
      if let removed { names[removed] = nil }
      if let added { names[added.name] = added.number }
    }
  }

  init(_ names: [String: Int] = [:]) {
    cached = names
    platter = names
  }

  mutating func add(_ name: String, _ number: Int) { change(Change(added: (name, number))) }

  mutating func remove(_ name: String) { change(Change(removed: name)) }

  mutating func rename(_ name: String, to target: String, _ number: Int) {
    change(Change(added: (target, number), removed: name))
  }

  private mutating func change(_ change: Change) {
    change.apply(to: &cached)
    pending.append(change)
  }

  mutating func synchronize() {
    for change in pending { change.apply(to: &platter) }
    pending = []
  }

  /// What a synchronization that fails leaves: nothing came to the platter, and nothing will.
  mutating func failSynchronization() { pending = [] }

  /// The names as they may be after a power failure.
  func afterPowerFailure(_ random: inout PRNG) -> [String: Int] {
    var names = platter
    let chance = random.pick([0, 0.5, 1])
    for change in pending where random.isHit(chance) { change.apply(to: &names) }
    return names
  }
}
