// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DebuggerLineTest {
  private static final String STOPPED = packet("T02thread:01;");
  private static final String OK = packet("OK");

  @TempDir private Path files;
  private FakePeer peer;
  private Thread stub;
  private final ConcurrentLinkedQueue<String> heard = new ConcurrentLinkedQueue<>();

  /** What the stub says to a payload; read at each command. */
  private volatile Map<String, String> answers =
      Map.of(
          "Hg0", STOPPED + "+" + OK,
          "qXfer:features:read:target.xml:0,ffb", "+" + packet("l<target/>"),
          "g", "+" + packet(registers()),
          "P20=2000000000000000", "+" + OK,
          "c", "+");

  @BeforeEach
  void listen() throws IOException {
    peer = new FakePeer(files.resolve("gdb"));
    stub = Thread.ofPlatform().daemon().start(this::answer);
  }

  @AfterEach
  void hangUp() throws Exception {
    peer.hangUp();
    stub.join();
    peer.close();
  }

  private void answer() {
    StringBuilder text = new StringBuilder();
    try {
      for (String next = peer.hear(1); !next.isEmpty(); next = peer.hear(1)) {
        text.append(next);
        int end = text.length() - 3;
        if (end >= 0 && text.charAt(end) == '#') {
          String payload = text.substring(text.indexOf("$") + 1, end);
          heard.add(text.toString());
          text.setLength(0);
          peer.say(answers.getOrDefault(payload, ""));
        }
      }
    } catch (IOException e) {
      // The test hung up.
    }
  }

  private DebuggerLine rehearsed() {
    DebuggerLine line = DebuggerLine.over(peer.socket(), FakePeer.in(30));
    heard.clear();
    return line;
  }

  @Test
  void theRehearsalLeavesTheMachineAsItIs() {
    DebuggerLine.over(peer.socket(), FakePeer.in(30));
    assertEquals(
        "[+\u0003$Hg0#df, $qXfer:features:read:target.xml:0,ffb#79, $g#67,"
            + " $P20=2000000000000000#f1]",
        heard.toString());
  }

  @Test
  void registersAreReadLowByteFirst() {
    long[] read = new long[DebuggerLine.REGISTERS];
    assertTrue(rehearsed().readRegisters(read, FakePeer.in(30)));
    for (int i = 0; i < DebuggerLine.PSTATE; i++) {
      assertEquals(i, read[i]);
    }
    assertEquals(0x600003c5L, read[DebuggerLine.PSTATE]);
  }

  @Test
  void reportsOfStopsAreNobodysAnswer() throws IOException {
    DebuggerLine line = rehearsed();
    peer.say(STOPPED.repeat(1000));
    line.drain();
    peer.say(STOPPED);
    answers = Map.of("P20=3412000000000000", STOPPED + "+" + STOPPED + OK);
    assertTrue(line.writePc(0x1234, FakePeer.in(30)));
  }

  @Test
  void aRefusalIsAFalse() {
    DebuggerLine line = rehearsed();
    String refusal = "+" + packet("E22");
    answers = Map.of("Hg0", refusal, "g", refusal, "P20=0000000000000000", "+" + packet(""));
    assertFalse(line.interrupt(FakePeer.in(30)));
    assertFalse(line.readRegisters(new long[DebuggerLine.REGISTERS], FakePeer.in(30)));
    assertFalse(line.writePc(0, FakePeer.in(30)));
  }

  @Test
  void aDamagedAnswerIsAFalse() {
    DebuggerLine line = rehearsed();
    answers = Map.of("Hg0", "+$OK#00", "c", "-");
    assertFalse(line.interrupt(FakePeer.in(30)));
    assertFalse(line.resume(FakePeer.in(30)));
  }

  @Test
  void silenceEndsAtTheDeadline() {
    DebuggerLine line = rehearsed();
    answers = Map.of();
    assertFalse(line.interrupt(System.nanoTime() + 1_000_000));
    assertFalse(line.resume(System.nanoTime() + 1_000_000));
  }

  @Test
  void aLateAnswerIsNotTheNextCommands() throws IOException {
    DebuggerLine line = rehearsed();
    answers = Map.of();
    assertFalse(line.interrupt(System.nanoTime()));
    peer.say("+" + packet("E22"));
    answers = Map.of("P20=0000000000000000", "+" + OK);
    assertTrue(line.writePc(0, FakePeer.in(30)));
  }

  /** As on a busy computer, where QEMU answers once it has been given up on and asked again. */
  @Test
  void anAnswerThatComesAfterTheNextCommandIsNotTakenForItsOwn() {
    DebuggerLine line = rehearsed();
    long[] read = new long[DebuggerLine.REGISTERS];
    answers = Map.of();
    assertFalse(line.interrupt(System.nanoTime()));
    answers = Map.of("g", "+" + OK + "+" + packet(registers()));
    assertTrue(line.readRegisters(read, FakePeer.in(30)));
    assertEquals(1, read[1]);
    answers = Map.of();
    assertFalse(line.readRegisters(read, System.nanoTime()));
    answers = Map.of("Hg0", "+" + packet(registers()) + "+" + OK);
    assertTrue(line.interrupt(FakePeer.in(30)));
  }

  @Test
  void drainLeavesALineInUseAlone() throws IOException {
    DebuggerLine line = rehearsed();
    assertTrue(line.tryClaim());
    peer.say("+");
    line.drain();
    line.release();
    answers = Map.of();
    assertTrue(line.resume(System.nanoTime()), "the byte is still there");
  }

  @Test
  void somebodyElseIsNotTakenForADebugger() {
    answers = Map.of("Hg0", "+" + packet(""));
    assertThrows(MachineException.class, () -> DebuggerLine.over(peer.socket(), FakePeer.in(30)));
  }

  private static String registers() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < DebuggerLine.PSTATE; i++) {
      text.append(String.format("%016x", Long.reverseBytes(i)));
    }
    return text.append("c5030060").toString();
  }

  private static String packet(String payload) {
    return "$" + payload + "#" + String.format("%02x", payload.chars().sum() & 0xff);
  }
}
