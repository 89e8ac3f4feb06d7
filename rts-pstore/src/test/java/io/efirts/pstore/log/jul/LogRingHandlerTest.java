// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.log.jul;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.pstore.log.KmsgSlice;
import io.efirts.pstore.log.LogRing;
import io.efirts.testkit.VirtualClock;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.ErrorManager;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a logger of the JDK is told is in the ring. */
class LogRingHandlerTest {
  private static final String TIME = "[    0.000000] ";

  private final LogRing ring = new LogRing(256, 64, new VirtualClock());
  private final Handler handler = new LogRingHandler(ring);
  private final Logger logger = Logger.getLogger("io.efirts.test.LogRingHandlerTest");

  @BeforeEach
  void attach() {
    logger.setUseParentHandlers(false);
    logger.setLevel(Level.ALL);
    logger.addHandler(handler);
  }

  @AfterEach
  void detach() {
    logger.removeHandler(handler);
  }

  private List<String> lines() {
    byte[] buffer = new byte[16384];
    KmsgSlice slice = new KmsgSlice(buffer, 0);
    ring.sliceBefore(ring.end(), buffer.length, slice);
    return new String(buffer, 0, slice.length(), StandardCharsets.UTF_8).lines().toList();
  }

  private String prefix(int level) {
    return "<" + level + ">" + TIME + logger.getName() + ": ";
  }

  @Test
  void levelsBecomeLinuxs() {
    logger.severe("a");
    logger.warning("b");
    logger.info("c");
    logger.config("d");
    logger.finest("e");
    assertEquals(
        List.of(
            prefix(3) + "a", prefix(4) + "b", prefix(6) + "c", prefix(7) + "d", prefix(7) + "e"),
        lines());
  }

  @Test
  void anAnonymousLoggerHasNoNameInFront() {
    handler.publish(new LogRecord(Level.INFO, "a"));
    assertEquals(List.of("<6>" + TIME + "a"), lines());
  }

  @Test
  void parametersAreFilledIn() {
    logger.log(Level.INFO, "{0} of {1}", new Object[] {1, "two"});
    assertEquals(List.of(prefix(6) + "1 of two"), lines());
  }

  @Test
  void whatWasThrownFollowsLineByLine() {
    logger.log(Level.SEVERE, "failed", new IllegalStateException("cause"));
    List<String> lines = lines();
    assertEquals(prefix(3) + "failed", lines.get(0));
    assertEquals("<3>" + TIME + "java.lang.IllegalStateException: cause", lines.get(1));
    assertTrue(
        lines.get(2).startsWith("<3>" + TIME + "\tat " + getClass().getName()), lines.get(2));
  }

  @Test
  void whatIsNotLoggableIsLeftOut() {
    handler.setLevel(Level.WARNING);
    logger.info("left out");
    handler.publish(null);
    assertEquals(List.of(), lines());
  }

  @Test
  void afterFlushAndCloseTheRingTakesMore() {
    handler.flush();
    handler.close();
    logger.info("more");
    assertEquals(List.of(prefix(6) + "more"), lines());
  }

  @Test
  void aFormatterThatThrowsIsReported() {
    List<Integer> errors = new ArrayList<>();
    handler.setErrorManager(
        new ErrorManager() {
          @Override
          public void error(String message, Exception exception, int code) {
            errors.add(code);
          }
        });
    handler.setFormatter(
        new SimpleFormatter() {
          @Override
          public String formatMessage(LogRecord logRecord) {
            throw new IllegalStateException("formatter is broken");
          }
        });
    logger.info("never");
    assertEquals(List.of(ErrorManager.FORMAT_FAILURE), errors);
    assertEquals(List.of(), lines());
  }
}
