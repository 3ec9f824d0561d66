// Random statements of the whole language over random histories: engine and model must agree on every cell.

import Base
import Query
import TestSupport
import Testing

struct RandomSQLTests {
  @Test("random statements are printed as they are read, and mostly have answers with rows")
  func statements() throws {
    var (count, refusedCount, filledCount) = (0, 0, 0)
    try forAll(count: Cases.count(8), seed: 5001) { random, seed in
      let database = ModelDatabase(RandomWorkload(&random).model)
      for _ in 0..<50 {
        let statement = RandomStatement.make(&random, database)
        let text = Printer.text(of: statement)
        #expect(try Parser.statement(text) == statement, "\(seed) \(text)")
        count += 1
        do {
          let answer = try ModelSelect.answer(statement, database)
          filledCount += answer.rows.isEmpty ? 0 : 1
        } catch is ModelRefusal {
          refusedCount += 1
        }
      }
    }
    #expect(refusedCount * 5 < count, "\(refusedCount) of \(count) refused")
    #expect(filledCount * 2 > count, "\(filledCount) of \(count) have rows")
  }

  @Test(
    "engine equals model on statements of the whole language",
    arguments: EngineSetup.all)
  func engineEqualsModel(setup: EngineSetup) throws {
    try forAll(count: Cases.count(2), seed: 6001) { random, seed in
      let workload = RandomWorkload(&random)
      let folder = TemporaryFolder()
      let engine = try setup.engine(WorkloadFiles(workload: workload).render(&random), in: folder)
      let database = ModelDatabase(workload.model)
      for _ in 0..<80 {
        let text = Printer.text(of: RandomStatement.make(&random, database))
        try expectSameAnswer(text, engine, database, "\(seed) \(setup.name)")
      }
    }
  }
}
