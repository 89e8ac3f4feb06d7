// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QmpConnectionTest {
  private static final String GREETING = "{\"QMP\": {\"version\": {}}}\r\n";
  private static final String NEGOTIATED = "{\"return\": {}, \"id\": 1}\r\n";
  private static final String EVENT = "{\"timestamp\": {\"seconds\": 1}, \"event\": \"STOP\"}\r\n";

  @TempDir private Path files;
  private FakePeer peer;

  @BeforeEach
  void listen() throws IOException {
    peer = new FakePeer(files.resolve("qmp"));
  }

  @AfterEach
  void hangUp() throws IOException {
    peer.close();
  }

  private QmpConnection negotiated() throws IOException {
    peer.say(GREETING + NEGOTIATED);
    QmpConnection connection = QmpConnection.over(peer.socket(), FakePeer.in(5));
    String sent = "{\"execute\":\"qmp_capabilities\",\"id\":1}\n";
    assertEquals(sent, peer.hear(sent.length()));
    return connection;
  }

  @Test
  void anAnswerIsTheOneWithTheCommandsNumberWhateverCameBefore() throws IOException {
    QmpConnection connection = negotiated();
    peer.say(EVENT + "{\"return\": \"late\", \"id\": 1}\r\n" + EVENT);
    peer.say("{\"return\": {\"status\": \"paused\"}, \"id\": 2}\r\n");
    JsonObject arguments = JsonParser.parseString("{\"a\": [1]}").getAsJsonObject();
    assertEquals(
        JsonParser.parseString("{\"status\": \"paused\"}"),
        connection.command("query-status", arguments, FakePeer.in(5)));
    String sent = "{\"execute\":\"query-status\",\"arguments\":{\"a\":[1]},\"id\":2}\n";
    assertEquals(sent, peer.hear(sent.length()));
  }

  @Test
  void anAnswerMayComeInPieces() throws Exception {
    QmpConnection connection = negotiated();
    String answer = EVENT + "{\"return\": \"" + "x".repeat(10_000) + "\", \"id\": 2}\r\n";
    Thread slow =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    peer.hear(1);
                    for (int i = 0; i < answer.length(); i += 777) {
                      peer.say(answer.substring(i, Math.min(i + 777, answer.length())));
                    }
                  } catch (IOException e) {
                    throw new AssertionError(e);
                  }
                });
    assertEquals("x".repeat(10_000), connection.command("a", null, FakePeer.in(30)).getAsString());
    slow.join();
  }

  @Test
  void aRefusalNamesTheCommandAndTheReason() throws IOException {
    QmpConnection connection = negotiated();
    peer.say("{\"error\": {\"class\": \"GenericError\", \"desc\": \"no\"}, \"id\": 2}\r\n");
    assertMessage(
        connection,
        "QEMU must accept the command: command={\"execute\":\"inject-nmi\",\"id\":2},"
            + " error={\"class\":\"GenericError\",\"desc\":\"no\"}");
  }

  @Test
  void aMissingAnswerEndsAtTheDeadlineAndIsPassedOverLater() throws IOException {
    QmpConnection connection = negotiated();
    MachineException late =
        assertThrows(
            MachineException.class, () -> connection.command("stop", null, System.nanoTime()));
    assertEquals("QEMU must answer in time: command=stop", late.getMessage());
    peer.say("{\"return\": \"stop's\", \"id\": 2}\r\n{\"return\": \"next's\", \"id\": 3}\r\n");
    assertEquals("next's", connection.command("next", null, FakePeer.in(5)).getAsString());
  }

  @Test
  void anInterruptedThreadGetsItsAnswerAndKeepsItsFlag() throws IOException {
    QmpConnection connection = negotiated();
    peer.say("{\"return\": 7, \"id\": 2}\r\n{\"return\": 8, \"id\": 3}\r\n");
    Thread.currentThread().interrupt();
    try {
      assertEquals(7, connection.command("a", null, FakePeer.in(5)).getAsInt());
    } finally {
      assertTrue(Thread.interrupted());
    }
    assertEquals(8, connection.command("b", null, FakePeer.in(5)).getAsInt());
  }

  @Test
  void whatIsNotAnObjectIsRefused() throws IOException {
    QmpConnection connection = negotiated();
    peer.say("[1]\r\n");
    assertMessage(connection, "QEMU must answer in JSON objects: command=inject-nmi");
    peer.say("{\"return\r\n");
    assertMessage(connection, "QEMU must answer in JSON objects: command=inject-nmi");
  }

  @Test
  void aLineWithoutEndIsRefused() throws Exception {
    QmpConnection connection = negotiated();
    Thread talker =
        Thread.ofPlatform()
            .daemon()
            .start(
                () -> {
                  try {
                    peer.say("x".repeat((1 << 20) + 1));
                  } catch (IOException e) {
                    // Hung up on, as it deserves.
                  }
                });
    assertMessage(connection, "QMP line must have at most 1 MiB: bytes=1048576");
    peer.socket().close();
    talker.join();
  }

  @Test
  void aConnectionThatEndsIsReported() throws IOException {
    QmpConnection connection = negotiated();
    peer.hangUp();
    MachineException gone =
        assertThrows(
            MachineException.class, () -> connection.command("stop", null, FakePeer.in(5)));
    assertEquals("QEMU must take commands: command=stop", gone.getMessage());
  }

  @Test
  void somebodyElseIsNotTakenForQemu() throws IOException {
    peer.say("{\"hello\": 1}\r\n");
    MachineException stranger =
        assertThrows(
            MachineException.class, () -> QmpConnection.over(peer.socket(), FakePeer.in(5)));
    assertEquals("QEMU must greet first: greeting={\"hello\":1}", stranger.getMessage());
  }

  private static void assertMessage(QmpConnection connection, String message) {
    MachineException refused =
        assertThrows(
            MachineException.class, () -> connection.command("inject-nmi", null, FakePeer.in(30)));
    assertEquals(message, refused.getMessage());
  }
}
