// A column of a source and the vector its values come in; filled once per block, when a term first needs it.

final class ColumnSlot {
  let vector: Vector
  private let fill: () -> Void
  private var isLoaded = false

  init(_ vector: Vector, fill: @escaping () -> Void) {
    self.vector = vector
    self.fill = fill
  }

  func load() {
    if isLoaded { return }
    fill()
    isLoaded = true
  }

  /// Says that the source has moved on to another block.
  func invalidate() { isLoaded = false }
}

/// The slots of a source, made when a term first names them.
struct ColumnSlots {
  private var slots: [ColumnKey: ColumnSlot] = [:]

  mutating func slot(_ key: ColumnKey, make: () -> ColumnSlot) -> ColumnSlot {
    if let slot = slots[key] { return slot }
    let slot = make()
    slots[key] = slot
    return slot
  }

  func invalidate() { for slot in slots.values { slot.invalidate() } }
}
