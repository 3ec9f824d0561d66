// Routes compiled for speed: dispatch on the byte behind the first slash, compare the literal head,
// and only then look at segments and query keys. Most lines of a log are no hits and leave after
// the first step.
//
// SAFETY: all tables are allocated and filled in `init`, never move, and are freed in `deinit`;
// indices into them were made from their counts. Text is read between the `start` and `end` the
// caller passes only, or, by ByteScan, inside the slice.

internal import Base
internal import CKernels

/// A request target inside readable bytes.
struct HitTarget {
  /// Readable bytes around the target; usually the whole line.
  var text: ByteSlice
  var start: Int
  var end: Int
}

final class RouteMatcher {
  enum Match: Equatable {
    case none
    case otherMethod
    case route(Int)
  }

  private let routes: UnsafeMutablePointer<CompiledRoute>
  private let routeCount: Int
  /// The routes to try, by the byte behind the first slash: `candidates[first[b]..<first[b + 1]]`.
  private let first: UnsafeMutablePointer<Int32>
  private let candidates: UnsafeMutablePointer<Int32>
  private let table: RouteTable

  init(_ definition: Routes) {
    table = RouteTable(definition)
    routeCount = definition.routes.count
    routes = .allocate(capacity: routeCount)
    for (index, route) in definition.routes.enumerated() {
      (routes + index).initialize(to: table.compile(route))
    }
    var lists: [Int32] = []
    first = .allocate(capacity: 257)
    for byte in 0..<256 {
      first[byte] = Int32(lists.count)
      for (index, route) in definition.routes.enumerated()
      where RouteMatcher.canStart(route, with: UInt8(byte)) {
        lists.append(Int32(index))
      }
    }
    first[256] = Int32(lists.count)
    candidates = .allocate(capacity: max(1, lists.count))
    candidates.initialize(from: lists, count: lists.count)
  }

  deinit {
    routes.deallocate()
    first.deallocate()
    candidates.deallocate()
  }

  /// Whether a path whose first byte behind the slash is `byte` can belong to the route.
  /// A path that ends there counts as `?`.
  private static func canStart(_ route: Route, with byte: UInt8) -> Bool {
    let segment = route.segments[0]
    if let letter = segment.prefix.first { return letter == byte }
    switch segment.shape {
    case .text:
      return byte == (route.segments.count == 1 ? ASCII.questionMark : ASCII.slash)
    case .segment, .tail: return true
    }
  }

  @inline(__always)
  func route(_ index: Int) -> UnsafePointer<CompiledRoute> { UnsafePointer(routes + index) }

  /// Captures that this matcher's owner reuses from line to line.
  func makeCaptures() -> RouteCaptures { RouteCaptures(slices: table.slices) }

  /// The first route with the target's path and the method; its path fields go to `captures`.
  @inline(__always)
  func match(
    _ target: HitTarget, methods: HitMethods, captures: inout RouteCaptures
  ) -> Match {
    var path = target
    if path.start >= path.end { return .none }
    if path.text.base[path.start] != ASCII.slash {
      guard RouteMatcher.dropAuthority(&path) else { return .none }
    }
    let next = path.start &+ 1
    let letter = next < path.end ? path.text.base[next] : ASCII.questionMark
    var index = first[Int(letter)]
    let end = first[Int(letter) &+ 1]
    if index == end { return .none }
    var sawPath = false
    while index < end {
      let candidate = Int(candidates[Int(index)])
      if matches(route(candidate), path, &captures) {
        if routes[candidate].methods & methods.rawValue != 0 { return .route(candidate) }
        sawPath = true
      }
      index &+= 1
    }
    return sawPath ? .otherMethod : .none
  }

  /// Moves the start of an absolute target behind its scheme and host; false if it has no path.
  private static func dropAuthority(_ target: inout HitTarget) -> Bool {
    let text = target.text.slice(from: target.start, to: target.end)
    let schemeCount = hasPrefix(text, "http://") ? 7 : hasPrefix(text, "https://") ? 8 : 0
    guard schemeCount > 0 else { return false }
    let slash = ByteScan.index(
      of: ASCII.slash, or: ASCII.questionMark, in: text, from: schemeCount)
    guard slash < text.count, text.base[slash] == ASCII.slash else { return false }
    target.start &+= slash
    return true
  }

  private static func hasPrefix(_ text: ByteSlice, _ prefix: StaticString) -> Bool {
    let count = prefix.utf8CodeUnitCount
    return text.count >= count && text.slice(from: 0, to: count) == prefix
  }

  @inline(__always)
  private func matches(
    _ route: UnsafePointer<CompiledRoute>, _ target: HitTarget,
    _ captures: inout RouteCaptures
  ) -> Bool {
    let headCount = Int(route.pointee.headCount)
    guard target.end &- target.start >= headCount else { return false }
    let head = route.pointee.head
    let base = target.text.base + target.start
    var index = 0
    while index < headCount {
      if base[index] != head[index] { return false }
      index &+= 1
    }
    let rest = target.start &+ headCount
    captures.reset()
    if route.pointee.segmentCount > 0 {
      return matchSegments(route, target, from: rest, &captures)
    }
    captures.queryStart = rest
    return rest == target.end || target.text.base[rest] == ASCII.questionMark
  }

  /// The segments behind the literal head, up to the end of the path.
  @inline(never)
  private func matchSegments(
    _ route: UnsafePointer<CompiledRoute>, _ target: HitTarget, from start: Int,
    _ captures: inout RouteCaptures
  ) -> Bool {
    let text = target.text
    let pathEnd = min(
      ByteScan.index(of: ASCII.questionMark, in: text, from: start), target.end)
    captures.queryStart = pathEnd
    let count = Int(route.pointee.segmentCount)
    var position = start
    var index = 0
    while index < count {
      let segment = route.pointee.segments + index
      let isLast = index == count &- 1
      var end = pathEnd
      if !segment.pointee.isTail {
        end = min(ByteScan.index(of: ASCII.slash, in: text, from: position), pathEnd)
      }
      // A segment is followed by a slash, the last one by the end.
      guard isLast == (end == pathEnd) else { return false }
      guard matchSegment(segment, text, from: position, to: end, &captures) else { return false }
      position = end &+ 1
      index &+= 1
    }
    return true
  }

  @inline(__always)
  private func matchSegment(
    _ segment: UnsafePointer<CompiledSegment>, _ text: ByteSlice, from start: Int,
    to end: Int, _ captures: inout RouteCaptures
  ) -> Bool {
    let prefix = segment.pointee.prefix
    let suffix = segment.pointee.suffix
    let count = end &- start
    guard count >= prefix.count &+ suffix.count,
      memoryEquals(text.base + start, prefix),
      memoryEquals(text.base + (end &- suffix.count), suffix)
    else { return false }
    if segment.pointee.isText { return count == prefix.count }
    let field = segment.pointee.field
    guard field < RouteCaptures.fieldCount else { return true }
    let from = start &+ prefix.count
    let to = end &- suffix.count
    captures.set(field, text.slice(from: from, to: to))
    if ByteScan.index(of: ASCII.percent, in: text, from: from) < to {
      captures.escapedInPath |= 1 << UInt32(field)
    }
    return true
  }

  @inline(__always)
  private func memoryEquals(_ bytes: UnsafePointer<UInt8>, _ other: ByteSlice) -> Bool {
    var index = 0
    while index < other.count {
      if bytes[index] != other.base[index] { return false }
      index &+= 1
    }
    return true
  }

  /// Adds the query's fields to what the path gave.
  @inline(__always)
  func readQuery(
    _ route: UnsafePointer<CompiledRoute>, _ target: HitTarget,
    _ captures: inout RouteCaptures
  ) {
    guard route.pointee.keyCount > 0 else { return }
    let text = target.text
    let end = target.end
    let letters = route.pointee.letters
    var index = captures.queryStart &+ 1
    while index < end {
      var field = RouteCaptures.noField
      var value = index &+ 2
      if value <= end, text.base[index &+ 1] == ASCII.equals {
        field = letters[Int(text.base[index])]
      } else {
        (field, value) = readKey(route, text, from: index, to: end)
      }
      let (valueEnd, isEscaped) = RouteMatcher.valueEnd(text, from: value, to: end)
      if field < RouteCaptures.fieldCount, captures.present & (1 << UInt32(field)) == 0 {
        captures.set(field, text.slice(from: value, to: valueEnd))
        if isEscaped { captures.escapedInQuery |= 1 << UInt32(field) }
      }
      index = valueEnd &+ 1
    }
  }

  /// The field of a key that is not one letter, and where its value starts.
  @inline(never)
  private func readKey(
    _ route: UnsafePointer<CompiledRoute>, _ text: ByteSlice, from start: Int, to end: Int
  ) -> (field: UInt8, value: Int) {
    let keyEnd = min(
      ByteScan.index(of: ASCII.equals, or: ASCII.ampersand, in: text, from: start), end)
    let value = keyEnd < end && text.base[keyEnd] == ASCII.equals ? keyEnd &+ 1 : keyEnd
    var key = text.slice(from: start, to: keyEnd)
    if RouteMatcher.hasPrefix(key, "amp;") { key = key.suffix(from: 4) }
    var index = 0
    while index < Int(route.pointee.keyCount) {
      let candidate = route.pointee.keys[index]
      if candidate.name.count == key.count, memoryEquals(key.base, candidate.name) {
        return (candidate.field, value)
      }
      index &+= 1
    }
    return (RouteCaptures.noField, value)
  }

  /// Where a value ends, and whether it has a `%` or a `+`.
  @inline(__always)
  private static func valueEnd(
    _ text: ByteSlice, from start: Int, to end: Int
  ) -> (Int, Bool) {
    var index = start
    var isEscaped = false
    while index < end {
      if index &+ 16 <= text.count {
        let block = text.base + index
        let escapes = beacon_mask16(block, ASCII.percent) | beacon_mask16(block, ASCII.plus)
        let ends = beacon_mask16(block, ASCII.ampersand)
        let distance = min(
          ends == 0 ? 16 : ends.trailingZeroBitCount, end &- index)
        isEscaped = isEscaped || escapes & (1 << UInt32(distance) &- 1) != 0
        index &+= distance
        if distance < 16 { return (index, isEscaped) }
      } else {
        let byte = text.base[index]
        if byte == ASCII.ampersand { return (index, isEscaped) }
        isEscaped = isEscaped || byte == ASCII.percent || byte == ASCII.plus
        index &+= 1
      }
    }
    return (index, isEscaped)
  }
}
