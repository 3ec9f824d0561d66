import Base
import Ingest
import TestSupport
import Testing

@Suite("JSONScanner")
struct JSONScannerTests {
  @Test(
    "objects give their members in order",
    arguments: [
      (#"{}"#, ""),
      (#" { } "#, ""),
      (#"{"a":1}"#, "a=n:1"),
      (#"{ "a" : -1.5e+3 , "b" : "x" }"#, "a=n:-1.5e+3 b=s:x"),
      (#"{"t":true,"f":false,"n":null}"#, "t=true f=false n=null"),
      (
        #"{"o":{"x":[1,{"y":"}"}]},"a":[1,"]",[]],"z":0}"#,
        #"o=o:{"x":[1,{"y":"}"}]} a=a:[1,"]",[]] z=n:0"#
      ),
      (#"{"a\tb":"c\"d\\\/\n"}"#, "a\tb=s:c\"d\\/\n"),
      (#"{"u":"\u00e9\u20AC\uD83D\uDE00"}"#, "u=s:é€😀"),
      (
        #"{"u":"\uD83D","v":"\uDE00x","w":"\uD83D\u0041"}"#,
        "u=s:\u{FFFD} v=s:\u{FFFD}x w=s:\u{FFFD}A"
      ),
      (#"{"":""}"#, "=s:"),
      ("{\"a\":1}\r", "a=n:1"),
    ])
  func members(_ text: String, _ expected: String) {
    #expect(render(text) == expected)
  }

  @Test(
    "what is no object is malformed",
    arguments: [
      "", " ", "x", "[]", "{", "}", #"{"a"}"#, #"{"a":}"#, #"{"a":,"b":1}"#, #"{"a":1"#,
      #"{"a":1,}"#,
      #"{"a":1}x"#, #"{a:1}"#, #"{"a" 1}"#, #"{"a":"x}"#, #"{"a":"\x"}"#, #"{"a":"\u12"}"#,
      #"{"a":"\u12g4"}"#, #"{"a":"\"#, #"{"a":tru}"#, #"{"a":nul"#, #"{"a":[1}"#, #"{"a":{]}"#,
      #"{"a":[}]}"#,
      #"{"a":["}"#, #"{"a":+1}"#, #"{,}"#, #"{"a":1 "b":2}"#, #"{"a":"\uD83D\u12"}"#,
    ])
  func malformed(_ text: String) {
    #expect(render(text) == nil)
  }

  @Test("nesting is allowed up to 64 levels")
  func depth() {
    for (depth, isAllowed) in [(1, true), (64, true), (65, false), (1000, false)] {
      let text =
        #"{"a":"# + String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        + "}"
      #expect((render(text) != nil) == isAllowed, "depth \(depth)")
    }
  }

  @Test("strings end at every offset of a block")
  func stringEnds() {
    for padding in 0..<40 {
      for length in 0..<40 {
        let value = String(repeating: "v", count: length)
        let text = String(repeating: " ", count: padding) + "{\"k\":\"\(value)\"}"
        #expect(render(text) == "k=s:\(value)")
      }
    }
  }

  @Test("arrays give their elements")
  func arrays() {
    #expect(elements(#"["a", "b\n"]"#) == ["a", "b\n"])
    #expect(elements("[]") == [])
    #expect(elements("[\"a\"") == nil)
    #expect(elements("[\"a\",]") == nil)
    #expect(elements("{}") == nil)
  }

  @Test("invalid UTF-8 is kept as bytes")
  func rawBytes() {
    let bytes: [UInt8] = Array("{\"k\":\"".utf8) + [0xFF, 0xC3, 0x28] + Array("\"}".utf8)
    bytes.withUnsafeBufferPointer { buffer in
      let scratch = LineScratch()
      defer { withExtendedLifetime(scratch) {} }
      var reader = JSONObjectReader(ByteSlice(buffer), scratch: scratch)
      guard case .string(let value)? = reader.next()?.value else {
        Issue.record("no string")
        return
      }
      #expect(value.array == [0xFF, 0xC3, 0x28])
    }
  }

  @Test("arbitrary bytes never trap and slices stay in range")
  func arbitraryBytes() {
    forAll(count: 2000) { random, note in JSONFuzz.scan(&random, note) }
  }

  private func render(_ text: String) -> String? {
    Array(text.utf8).withUnsafeBufferPointer { buffer in
      let scratch = LineScratch()
      defer { withExtendedLifetime(scratch) {} }
      var reader = JSONObjectReader(ByteSlice(buffer), scratch: scratch)
      var members: [String] = []
      while let (key, value) = reader.next() { members.append("\(key.text)=\(describe(value))") }
      return reader.isMalformed ? nil : members.joined(separator: " ")
    }
  }

  private func elements(_ text: String) -> [String]? {
    Array(text.utf8).withUnsafeBufferPointer { buffer in
      let scratch = LineScratch()
      defer { withExtendedLifetime(scratch) {} }
      var reader = JSONArrayReader(ByteSlice(buffer), scratch: scratch)
      var elements: [String] = []
      while let value = reader.next() {
        if case .string(let text) = value { elements.append(text.text) }
      }
      return reader.isMalformed ? nil : elements
    }
  }

  private func describe(_ value: JSONValue) -> String {
    switch value {
    case .string(let slice): "s:\(slice.text)"
    case .number(let slice): "n:\(slice.text)"
    case .object(let slice): "o:\(slice.text)"
    case .array(let slice): "a:\(slice.text)"
    case .bool(let flag): "\(flag)"
    case .null: "null"
    }
  }
}
