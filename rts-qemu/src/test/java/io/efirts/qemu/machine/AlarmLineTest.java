// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AlarmLineTest {
  private static final String INTERRUPT = "{\"execute\":\"inject-nmi\"}\n";
  private static final String RESUME = "{\"execute\":\"cont\"}\n";

  @TempDir private Path files;
  private FakePeer peer;
  private int rounds;

  @BeforeEach
  void listen() throws IOException {
    peer = new FakePeer(files.resolve("alarm"));
  }

  @AfterEach
  void hangUp() throws IOException {
    peer.close();
  }

  /** Answers come before the questions, which the line cannot tell and need not. */
  private AlarmLine rehearsed() throws Exception {
    return rehearsed(peer);
  }

  private static AlarmLine rehearsed(FakePeer peer) throws Exception {
    Thread answering =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    peer.say("{\"QMP\": {}}\r\n");
                    String negotiate = "{\"execute\":\"qmp_capabilities\"}\n";
                    assertEquals(negotiate, peer.hear(negotiate.length()));
                    peer.say("{\"return\": {}}\r\n");
                    String query = "{\"execute\":\"query-status\"}\n";
                    assertEquals(query, peer.hear(query.length()));
                    peer.say("{\"return\": {\"running\": false}}\r\n");
                  } catch (IOException e) {
                    throw new AssertionError(e);
                  }
                });
    AlarmLine line = AlarmLine.over(peer.socket(), FakePeer.in(30));
    answering.join();
    return line;
  }

  @Test
  void sendsTheSameBytesEachTimeWithoutAllocatingOnAnInterruptedThread() throws Exception {
    OwnAllocations.requireNone(
        () -> {
          try (FakePeer qemu = new FakePeer(files.resolve("alarm-" + rounds++))) {
            return allocatedBySending(qemu);
          }
        });
  }

  private static long allocatedBySending(FakePeer qemu) throws Exception {
    AlarmLine line = rehearsed(qemu);
    Thread.currentThread().interrupt();
    long before = OwnAllocations.soFar();
    boolean first = line.interrupt();
    boolean second = line.resume();
    boolean third = line.interrupt();
    long allocated = OwnAllocations.soFar() - before;
    assertTrue(Thread.interrupted());
    assertTrue(first && second && third);
    String sent = INTERRUPT + RESUME + INTERRUPT;
    assertEquals(sent, qemu.hear(sent.length()));
    return allocated;
  }

  @Test
  void whatQemuSaysIsThrownAway() throws Exception {
    AlarmLine line = rehearsed();
    for (int i = 0; i < 100; i++) {
      peer.say("{\"event\": \"STOP\"}\r\n".repeat(1000));
      line.drain();
    }
    assertTrue(line.resume());
    assertEquals(RESUME, peer.hear(RESUME.length()));
  }

  @Test
  void aPeerThatTakesNothingMakesNobodyWait() throws Exception {
    AlarmLine line = rehearsed();
    int taken = 0;
    while (line.interrupt()) {
      taken++;
      assertTrue(taken < 1_000_000, "a socket takes only so much");
    }
    assertFalse(line.resume());
    String sent = INTERRUPT.repeat(taken);
    assertEquals(sent, peer.hear(sent.length()), "nothing in between is cut");
    assertTrue(line.resume(), "room again");
    assertEquals(RESUME, peer.hear(RESUME.length()));
  }

  @Test
  void aPeerThatIsGoneIsAFalse() throws Exception {
    AlarmLine line = rehearsed();
    peer.hangUp();
    line.drain();
    assertFalse(line.interrupt());
    assertFalse(line.resume());
  }

  @Test
  void aPeerThatDoesNotGreetIsRefused() {
    assertThrows(
        MachineException.class, () -> AlarmLine.over(peer.socket(), System.nanoTime() + 1000));
  }
}
