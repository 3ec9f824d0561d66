// What is on a simulated disk: files and folders by number, who has what open, and what goes wrong next.

import Base
import Durability
import Glibc

struct SimulatedDiskState {
  struct Descriptor {
    var number: Int
    var mode: OpenMode
    var isLocked = false
  }

  var files: [Int: SimulatedFile] = [:]
  var folders: [Int: SimulatedFolder] = [root: SimulatedFolder()]
  var descriptors: [Int32: Descriptor] = [:]
  var random: PRNG
  var faults: [DiskFault] = []
  var capacity: Int?
  var callCount = 0
  private var nextNumber = 1
  private var nextDescriptor: Int32 = 3

  private static let root = 0

  init(random: PRNG) { self.random = random }

  // MARK: What goes wrong

  /// Counts a call and fails it if that is its fate.
  ///
  /// - Returns: how many bytes it may move, if there is a limit.
  @discardableResult
  mutating func check(_ call: DiskCall) throws(SystemError) -> Int? {
    switch effect(on: call) {
    case nil: return nil
    case .error(let code), .halfway(let code): throw SystemError(code)
    case .short(let byteCount): return byteCount
    }
  }

  private mutating func effect(on call: DiskCall) -> DiskFault.Effect? {
    callCount += 1
    var result: DiskFault.Effect?
    for index in faults.indices {
      if let effect = faults[index].effect(on: call), result == nil { result = effect }
    }
    return result
  }

  // MARK: Files

  mutating func open(_ path: String, _ mode: OpenMode) throws(SystemError) -> Int32 {
    let number = try file(path, mode)
    if mode == .create { files[number]?.truncate(to: 0) }
    defer { nextDescriptor += 1 }
    descriptors[nextDescriptor] = Descriptor(number: number, mode: mode)
    return nextDescriptor
  }

  private mutating func file(_ path: String, _ mode: OpenMode) throws(SystemError) -> Int {
    if let number = find(path) {
      guard files[number] != nil else { throw SystemError(EISDIR) }
      return number
    }
    guard mode == .create || mode == .openOrCreate else { throw SystemError(ENOENT) }
    let (folder, name) = try place(of: path)
    files[nextNumber] = SimulatedFile()
    folders[folder]?.add(name, nextNumber)
    nextNumber += 1
    return nextNumber - 1
  }

  /// Lends the file behind a descriptor, and the source of chance.
  mutating func withFile<Value>(
    _ descriptor: Int32, _ body: (inout SimulatedFile, inout PRNG) -> Value
  ) throws(SystemError) -> Value {
    guard let number = descriptors[descriptor]?.number, let index = files.index(forKey: number)
    else { throw SystemError(EBADF) }
    return body(&files.values[index], &random)
  }

  mutating func write(
    _ descriptor: Int32, _ bytes: UnsafeRawBufferPointer, at offset: Int
  ) throws(SystemError) -> Int {
    let effect = effect(on: .write)
    guard let mode = descriptors[descriptor]?.mode, mode != .read else { throw SystemError(EBADF) }
    if case .error(let code) = effect { throw SystemError(code) }
    var most = bytes.count
    if case .halfway = effect { most /= 2 }
    if case .short(let byteCount) = effect { most = min(most, byteCount) }
    let count = min(most, try room(descriptor, offset))
    let part = UnsafeRawBufferPointer(rebasing: bytes[..<count])
    try withFile(descriptor) { file, _ in file.write(part, at: offset) }
    if case .halfway(let code) = effect { throw SystemError(code) }
    guard count > 0 || bytes.isEmpty else { throw SystemError(ENOSPC) }
    return count
  }

  /// How many bytes can be written at a place of a file.
  private mutating func room(_ descriptor: Int32, _ offset: Int) throws(SystemError) -> Int {
    guard let capacity else { return Int.max }
    let byteCount = try withFile(descriptor) { file, _ in file.cached.count }
    return max(0, byteCount - offset) + max(0, capacity - usedByteCount)
  }

  /// Bytes of the files that somebody can still reach.
  var usedByteCount: Int {
    var reachable = Set(descriptors.values.map(\.number))
    for folder in folders.values { reachable.formUnion(folder.cached.values) }
    return reachable.reduce(0) { $0 + (files[$1]?.cached.count ?? 0) }
  }

  mutating func lock(_ descriptor: Int32) throws(SystemError) {
    guard let number = descriptors[descriptor]?.number else { throw SystemError(EBADF) }
    for (other, open) in descriptors where open.number == number && open.isLocked {
      guard other == descriptor else { throw SystemError(EWOULDBLOCK) }
    }
    descriptors[descriptor]?.isLocked = true
  }

  mutating func place(_ path: String, _ bytes: [UInt8]) {
    guard let (folder, name) = try? place(of: path) else { preconditionFailure("no \(path)") }
    files[nextNumber] = SimulatedFile(bytes)
    folders[folder]?.add(name, nextNumber)
    folders[folder]?.synchronize()
    nextNumber += 1
  }

  // MARK: Names

  mutating func rename(_ path: String, to target: String) throws(SystemError) {
    let (folder, name) = try place(of: path)
    let (targetFolder, targetName) = try place(of: target)
    guard let number = folders[folder]?.cached[name] else { throw SystemError(ENOENT) }
    guard files[number] != nil, folder == targetFolder else { throw SystemError(EXDEV) }
    if let old = find(target), files[old] == nil { throw SystemError(EISDIR) }
    folders[folder]?.rename(name, to: targetName, number)
  }

  mutating func remove(_ path: String) throws(SystemError) {
    let (folder, name) = try place(of: path)
    guard let number = folders[folder]?.cached[name] else { throw SystemError(ENOENT) }
    guard files[number] != nil else { throw SystemError(EISDIR) }
    folders[folder]?.remove(name)
  }

  mutating func makeFolder(_ path: String) throws(SystemError) {
    guard find(path) == nil else { throw SystemError(EEXIST) }
    let (folder, name) = try place(of: path)
    folders[nextNumber] = SimulatedFolder()
    folders[folder]?.add(name, nextNumber)
    nextNumber += 1
  }

  func folder(_ path: String) throws(SystemError) -> (number: Int, names: SimulatedFolder) {
    guard let number = find(path) else { throw SystemError(ENOENT) }
    guard let folder = folders[number] else { throw SystemError(ENOTDIR) }
    return (number, folder)
  }

  /// The number of what a path leads to; nil if there is nothing.
  func find(_ path: String) -> Int? { find(SimulatedDiskState.steps(path)) }

  private func find(_ steps: [Substring]) -> Int? {
    var number: Int? = SimulatedDiskState.root
    for step in steps {
      guard let folder = number else { return nil }
      number = folders[folder]?.cached[String(step)]
    }
    return number
  }

  /// The folder that holds a path's last name.
  private func place(of path: String) throws(SystemError) -> (folder: Int, name: String) {
    var steps = SimulatedDiskState.steps(path)
    guard let name = steps.popLast() else { throw SystemError(EISDIR) }
    guard let number = find(steps) else { throw SystemError(ENOENT) }
    guard folders[number] != nil else { throw SystemError(ENOTDIR) }
    return (number, String(name))
  }

  private static func steps(_ path: String) -> [Substring] {
    var steps: [Substring] = []
    for step in path.split(separator: "/") where step != "." {
      if step == ".." { _ = steps.popLast() } else { steps.append(step) }
    }
    return steps
  }

  // MARK: Power failures

  /// What is left, with nobody having anything open.
  func afterPowerFailure(_ random: inout PRNG) -> SimulatedDiskState {
    var state = SimulatedDiskState(random: random.fork(1))
    state.capacity = capacity
    state.nextNumber = nextNumber
    // In the order of their numbers, so that a seed gives one disk.
    for number in folders.keys.sorted() {
      state.folders[number] = folders[number].map { SimulatedFolder($0.afterPowerFailure(&random)) }
    }
    for number in files.keys.sorted() where state.isNamed(number) {
      state.files[number] = files[number].map { SimulatedFile($0.afterPowerFailure(&random)) }
    }
    return state
  }

  private func isNamed(_ number: Int) -> Bool {
    folders.values.contains { $0.cached.values.contains(number) }
  }
}
