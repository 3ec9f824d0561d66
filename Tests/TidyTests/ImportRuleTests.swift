// A good and a bad sample for every rule about modules.

import Testing

@Suite struct ImportRuleTests {
  static let manifest = TextFile(
    path: "Package.swift",
    text: """
      let modules: [(name: String, imports: [Target.Dependency])] = [
        ("Base", ["CKernels"]),
        // A comment with "quotes".
        (
          "Server",
          [
            "Base", .product(name: "NIOCore", package: "swift-nio"),
          ]
        ),
      ]
      let tests: [(name: String, imports: [Target.Dependency])] = [
        ("BaseTests", ["Base"])
      ]
      let package = Package(
        targets: [
          .executableTarget(
            name: "CLI",
            dependencies: [
              "Server", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
          .target(name: "TestSupport", dependencies: ["Base"], path: "Tests/TestSupport"),
        ]
      )
      """)

  let table = ModuleTable(manifest: manifest)

  @Test("the table is read from the manifest")
  func reading() {
    #expect(table.modules.map(\.name) == ["Base", "Server"])
    #expect(table.imports["Base"] == ["CKernels"])
    #expect(table.imports["Server"] == ["Base", "NIOCore"])
    #expect(table.imports["BaseTests"] == ["Base", "TestSupport"])
    #expect(table.imports["CLI"] == ["Server", "ArgumentParser"])
    #expect(table.imports["TestSupport"] == ["Base"])
  }

  @Test("a row may list rows above it, never one below")
  func order() {
    #expect(ImportRules.order(of: table, manifest: Self.manifest).isEmpty)
    let text = "let modules: [X] = [\n  (\"Base\", [\"Query\"]),\n  (\"Query\", [\"Query\"]),\n]\n"
    let upside = TextFile(path: "Package.swift", text: text)
    let findings = ImportRules.order(of: ModuleTable(manifest: upside), manifest: upside)
    #expect(
      findings.map(\.message) == [
        "Base imports Query, which is not a row above it",
        "Query imports Query, which is not a row above it",
      ])
    #expect(findings.map(\.line) == [2, 3])
  }

  @Test(
    "what the row lists may be imported",
    arguments: [
      "import CKernels", "internal import Glibc", "package import struct CKernels.A",
      "@preconcurrency import CKernels", "// import Server", "let important = 1",
    ])
  func allowed(line: String) {
    #expect(findings(line).isEmpty)
  }

  @Test(
    "what the row does not list may not",
    arguments: ["import Server", "package import NIOCore", "internal import enum Server.Port"])
  func refused(line: String) {
    #expect(findings(line).count == 1)
  }

  @Test("Foundation stays above Engine")
  func foundation() {
    #expect(findings("internal import Foundation").count == 1)
    #expect(findings("internal import FoundationEssentials").count == 1)
    #expect(findings("internal import Foundation", path: "Sources/CLI/A.swift").isEmpty)
    #expect(findings("import Foundation", path: "Tests/BaseTests/A.swift").isEmpty)
  }

  @Test("a folder without a target is found")
  func unknown() {
    #expect(findings("let a = 1", path: "Sources/Extra/A.swift").count == 1)
  }

  private func findings(_ text: String, path: String = "Sources/Base/A.swift") -> [Finding] {
    ImportRules.findings(in: sample(text, path: path), table: table)
  }
}
