// The machine and the moment, for the head of a report.

internal import Base
internal import Foundation
internal import Glibc

enum Machine {
  /// Processor, number of processors, memory, system.
  static var description: String {
    "\(processor), \(Threads.processorCount) processors, \(memory), \(system)"
  }

  /// Now, in UTC.
  static var date: String { CivilTime.format(CivilTime.now() / 1000 * 1000) }

  private static var processor: String {
    let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
    return line?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) }
      ?? "unknown processor"
  }

  private static var memory: String {
    let pageCount = Double(sysconf(Int32(_SC_PHYS_PAGES)))
    return QuantityText.bytes(pageCount * Double(sysconf(Int32(_SC_PAGESIZE))))
  }

  private static var system: String {
    let release = try? String(contentsOfFile: "/proc/sys/kernel/osrelease", encoding: .utf8)
    // What stands behind the version says who built it.
    let version = (release ?? "").prefix { $0.isNumber || $0 == "." }
    return "Linux \(version)"
  }
}
