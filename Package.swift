// swift-tools-version: 6.3
import PackageDescription

/// One set of rules for every target; there are no per-target exceptions.
let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

/// The architecture. A module may import only what is listed beside it, and only from rows above.
/// The build refuses an import that is not listed; TidyTests refuses an arrow that points down.
let modules: [(name: String, imports: [Target.Dependency])] = [
  ("Base", ["CKernels"]),
  ("Workload", ["Base", "CZlib"]),
  ("Columnar", ["Base", "CKernels", "CLZ4", "CZstd"]),
  ("Durability", ["Base"]),
  ("Ingest", ["Base", "CKernels", "Columnar", "CISAL", "CLZ4", "CZstd"]),
  ("Query", ["Base", "Columnar"]),
  ("Engine", ["Base", "Columnar", "Durability", "Ingest", "Query"]),
  ("Prompt", ["Base", "Columnar", "Query"]),
  ("Reports", ["Base", "Query"]),
  (
    "Server",
    [
      "Base", "Engine", "Ingest", "Query",
      .product(name: "NIOCore", package: "swift-nio"),
      .product(name: "NIOPosix", package: "swift-nio"),
    ]
  ),
]

/// C enters through these and nowhere else.
let libraries: [Target] = [
  .target(name: "CKernels"),
  // Counts allocations, by standing in for the system's allocator: for Bench and tests only.
  .target(name: "CAllocations"),
  .systemLibrary(name: "CISAL", pkgConfig: "libisal", providers: [.apt(["libisal-dev"])]),
  .systemLibrary(name: "CLZ4", pkgConfig: "liblz4", providers: [.apt(["liblz4-dev"])]),
  .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
  .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
]

let tests: [(name: String, imports: [Target.Dependency])] = [
  ("BaseTests", ["Base", "CKernels"]),
  ("WorkloadTests", ["Base", "Workload", "CZlib"]),
  ("ColumnarTests", ["Base", "Columnar"]),
  ("DurabilityTests", ["Base", "Durability"]),
  ("IngestTests", ["Base", "Columnar", "Ingest", "CLZ4", "CZstd", "CZlib"]),
  ("QueryTests", ["Base", "Columnar", "Query"]),
  ("EngineTests", ["Base", "Columnar", "Durability", "Ingest", "Query", "Engine", "CZlib"]),
  ("ServerTests", ["Base", "Engine", "Ingest", "Query", "Server"]),
  ("PromptTests", ["Base", "Prompt", "Query"]),
  ("ReportsTests", ["Base", "Engine", "Ingest", "Query", "Reports", "Workload"]),
  (
    "BenchTests",
    ["Base", "Bench", "CAllocations", "Columnar", "Engine", "Ingest", "Query", "Workload"]
  ),
  ("IntegrationTests", ["CLI", "Bench"]),
  ("TidyTests", []),
]

let package = Package(
  name: "beacon",
  products: [
    .executable(name: "beacon", targets: ["CLI"]),
    .executable(name: "beacon-bench", targets: ["Bench"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
  ],
  targets: libraries
    + modules.map { .target(name: $0.name, dependencies: $0.imports, swiftSettings: strict) }
    + [
      .executableTarget(
        name: "CLI",
        dependencies: [
          "Base", "Engine", "Ingest", "Prompt", "Query", "Reports", "Server", "Workload",
          .product(name: "ArgumentParser", package: "swift-argument-parser"),
        ], swiftSettings: strict),
      .executableTarget(
        name: "Bench",
        dependencies: [
          "Base", "CAllocations", "Columnar", "Engine", "Ingest", "Query", "Server", "Workload",
          .product(name: "ArgumentParser", package: "swift-argument-parser"),
        ], swiftSettings: strict),
      .target(
        name: "TestSupport", dependencies: ["Base", "Columnar", "Durability"],
        path: "Tests/TestSupport",
        swiftSettings: strict),
    ]
    + tests.map {
      .testTarget(
        name: $0.name, dependencies: $0.imports + ["TestSupport"], swiftSettings: strict)
    },
  swiftLanguageModes: [.v6]
)
