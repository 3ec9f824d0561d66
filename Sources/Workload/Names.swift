// Word lists the generator draws from.

enum Names {
  static let schools = ["Arts", "Business", "Engineering", "Law", "Medicine", "Music", "Science"]
}
