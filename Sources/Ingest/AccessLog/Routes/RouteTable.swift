// The memory behind a RouteMatcher: one pinned byte buffer and plain records that point into it.
//
// SAFETY: records are filled before they are read and freed with the table, which the matcher owns;
// every pointer into `bytes` was computed from what was appended there.

internal import Base

/// A route as the matcher reads it. Trivial: it owns nothing.
struct CompiledRoute {
  var kind: EventKind
  var methods: UInt8
  /// The text that every path of the route starts with.
  var head: UnsafePointer<UInt8>
  var headCount: Int32
  /// The segments behind the head; none: the path is the head.
  var segments: UnsafePointer<CompiledSegment>
  var segmentCount: Int32
  var keys: UnsafePointer<CompiledKey>
  var keyCount: Int32
  /// The fields of keys of one letter, by the letter.
  var letters: UnsafePointer<UInt8>
  /// One bit per status below 1000.
  var statuses: UnsafePointer<UInt64>
  var constants: UnsafePointer<CompiledConstant>
  var constantCount: Int32
  /// The fields that must not be empty.
  var required: UInt32
  var takesAddress: Bool
}

struct CompiledSegment {
  var prefix: ByteSlice
  var suffix: ByteSlice
  /// A `RouteField`, or `RouteCaptures.noField`.
  var field: UInt8
  var isText: Bool
  var isTail: Bool
}

struct CompiledKey {
  var name: ByteSlice
  var field: UInt8
}

struct CompiledConstant {
  var value: ByteSlice
  var field: UInt8
}

/// What a target said: one slice per field, and which are there.
struct RouteCaptures {
  static let fieldCount: UInt8 = 8
  static let noField: UInt8 = 255

  let slices: UnsafeMutablePointer<ByteSlice>
  var present: UInt32 = 0
  var escapedInPath: UInt32 = 0
  var escapedInQuery: UInt32 = 0
  /// The index of the `?`, or the target's end.
  var queryStart = 0

  @inline(__always)
  mutating func reset() {
    present = 0
    escapedInPath = 0
    escapedInQuery = 0
  }

  @inline(__always)
  mutating func set(_ field: UInt8, _ slice: ByteSlice) {
    slices[Int(field)] = slice
    present |= 1 << UInt32(field)
  }
}

final class RouteTable {
  private var allocations: [UnsafeMutableRawPointer] = []
  /// The captures of the matcher's owner; here because it lives as long.
  let slices: UnsafeMutablePointer<ByteSlice>

  init(_ definition: Routes) {
    slices = .allocate(capacity: Int(RouteCaptures.fieldCount))
    slices.initialize(repeating: .empty, count: Int(RouteCaptures.fieldCount))
  }

  deinit {
    slices.deallocate()
    for allocation in allocations { allocation.deallocate() }
  }

  func compile(_ route: Route) -> CompiledRoute {
    let (head, rest) = RouteTable.splitHead(route.segments)
    let headSlice = keep(head)
    var letters = [UInt8](repeating: RouteCaptures.noField, count: 256)
    for key in route.keys where key.name.count == 1 {
      letters[Int(key.name[0])] = key.field.rawValue
    }
    var required = RouteField.campaign.bit | RouteField.recipient.bit
    if route.kind == .clicked && route.namedFields.contains(.link) {
      required |= RouteField.link.bit
    }
    return CompiledRoute(
      kind: route.kind, methods: route.methods.rawValue, head: headSlice.base,
      headCount: Int32(headSlice.count), segments: keep(rest.map(compile)),
      segmentCount: Int32(rest.count),
      keys: keep(route.keys.map { CompiledKey(name: keep($0.name), field: $0.field.rawValue) }),
      keyCount: Int32(route.keys.count), letters: keep(letters),
      statuses: keep(route.statuses.words),
      constants: keep(
        route.constants.map { CompiledConstant(value: keep($0.value), field: $0.field.rawValue) }),
      constantCount: Int32(route.constants.count), required: required,
      takesAddress: route.takesAddress)
  }

  /// The leading text of a path, with its slashes, and the segments from the first field on.
  private static func splitHead(_ segments: [RouteSegment]) -> ([UInt8], [RouteSegment]) {
    var head = [ASCII.slash]
    for (index, segment) in segments.enumerated() {
      guard segment.shape == .text else { return (head, Array(segments[index...])) }
      head += segment.prefix
      if index < segments.count - 1 { head.append(ASCII.slash) }
    }
    return (head, [])
  }

  private func compile(_ segment: RouteSegment) -> CompiledSegment {
    CompiledSegment(
      prefix: keep(segment.prefix), suffix: keep(segment.suffix),
      field: segment.field?.rawValue ?? RouteCaptures.noField, isText: segment.shape == .text,
      isTail: segment.shape == .tail)
  }

  private func keep(_ bytes: [UInt8]) -> ByteSlice {
    ByteSlice(keep(bytes), count: bytes.count)
  }

  /// A copy of the array that lives as long as the table.
  private func keep<Element>(_ elements: [Element]) -> UnsafePointer<Element> {
    let copy = UnsafeMutablePointer<Element>.allocate(capacity: max(1, elements.count))
    copy.initialize(from: elements, count: elements.count)
    allocations.append(UnsafeMutableRawPointer(copy))
    return UnsafePointer(copy)
  }
}
