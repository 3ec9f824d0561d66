// What can go wrong while a workload is written.

internal import Glibc

package enum WorkloadError: Error, Equatable, CustomStringConvertible {
  /// A number in the specification is out of its range; the text says which and why.
  case badSpecification(String)
  /// The output directory holds files already; mixing two workloads would make the truth a lie.
  case directoryNotEmpty(path: String)
  case cannotCreate(path: String, code: Int32)
  case cannotWrite(path: String, code: Int32)

  package var description: String {
    switch self {
    case .badSpecification(let text): text
    case .directoryNotEmpty(let path):
      "\(path): not empty; it must be new or empty: remove it or name another"
    case .cannotCreate(let path, let code): "\(path): cannot create: \(explain(code))"
    case .cannotWrite(let path, let code): "\(path): cannot write: \(explain(code))"
    }
  }

  private func explain(_ code: Int32) -> String { String(cString: strerror(code)) }
}
