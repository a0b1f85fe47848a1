import Testing
import Workers

@Suite struct SlotsTests {
  @Test(
    "pieces fill rows of their own, and the rows read in order whatever the number of workers",
    arguments: [1, 2, 8])
  func rows(threads: Int) throws {
    let slots = Slots<Float>(30, width: 3, repeating: -1)
    try WorkerPool(threads: threads).run(10) { piece, _ in
      // Piece p owns slots 3p, 3p + 1 and 3p + 2.
      for entry in slots.rows(3 * piece..<3 * piece + 2).indices {
        slots.row(3 * piece)[entry] = Float(entry)
      }
      slots[9 * piece + 8] = Float(piece)
    }
    #expect(slots.elements == (0..<10).flatMap { [0, 1, 2, 3, 4, 5, -1, -1, Float($0)] })
  }

  @Test("slots over an array write the array, empty ones included", arguments: [0, 4])
  func array(count: Int) throws {
    var entries = [String](repeating: "", count: 2 * count)
    try entries.withSlots(width: 2) { slots in
      #expect(slots.count == count && slots.width == 2)
      try WorkerPool(threads: 2).run(count) { slots[2 * $0] = "piece \($0), worker \(min($1, 0))" }
    }
    #expect(entries == (0..<count).flatMap { ["piece \($0), worker 0", ""] })
  }

  @Test("memory starts on a cache line, and what it holds is let go with it")
  func memory() {
    final class Held: Sendable {}
    weak var held: Held?
    do {
      let slots = Slots<Held?>(5, repeating: nil)
      let value = Held()
      held = value
      slots[4] = value
      #expect(Int(bitPattern: slots.row(0)) % 64 == 0)
      withExtendedLifetime(slots) { #expect(held != nil) }
    }
    #expect(held == nil)
  }

  @Test("an access outside the slots ends the process", arguments: [-1, 12])
  func bounds(index: Int) async {
    await #expect(processExitsWith: .failure) { [index] in
      Slots(6, width: 2, repeating: 0)[index] = 1
    }
    await #expect(processExitsWith: .failure) { [index] in
      _ = Slots(12, repeating: 0).row(index)
    }
    await #expect(processExitsWith: .failure) { [index] in
      _ = Slots(12, repeating: 0).rows(min(index, 0)..<max(index + 1, 3))
    }
  }
}
