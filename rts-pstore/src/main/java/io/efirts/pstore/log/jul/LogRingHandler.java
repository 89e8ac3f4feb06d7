// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.log.jul;

import io.efirts.pstore.log.LogRing;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Objects;
import java.util.logging.ErrorManager;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;

/**
 * Writes what {@code java.util.logging} is told into a {@link LogRing}: logger, message and, line
 * by line, what was thrown, with Linux's levels. The ring dates the lines.
 *
 * <p>Any thread may publish, at any time: there is nothing to flush and nothing to close.
 * Formatting allocates, so this is not for a thread that has begun to panic; that one writes into
 * the ring itself.
 */
public final class LogRingHandler extends Handler {
  private static final int ERROR = 3;
  private static final int WARNING = 4;
  private static final int INFO = 6;
  private static final int DEBUG = 7;

  private final LogRing ring;

  /**
   * A handler for all levels.
   *
   * @param ring where the lines go
   */
  public LogRingHandler(LogRing ring) {
    this.ring = Objects.requireNonNull(ring, "ring");
    setLevel(Level.ALL);
    setFormatter(new SimpleFormatter());
  }

  /**
   * Writes a record, unless level or filter leave it out. A formatter of one's own has a say in the
   * message only, by {@link Formatter#formatMessage}. Should it throw, the handler's {@link
   * ErrorManager} is told.
   *
   * @param logRecord the record; none if null
   */
  @Override
  public void publish(LogRecord logRecord) {
    if (!isLoggable(logRecord)) {
      return;
    }
    String text;
    try {
      text = text(logRecord);
    } catch (RuntimeException e) {
      reportError("a record cannot be formatted", e, ErrorManager.FORMAT_FAILURE);
      return;
    }
    ring.append(linuxLevel(logRecord.getLevel()), text);
  }

  private String text(LogRecord logRecord) {
    StringWriter text = new StringWriter();
    if (logRecord.getLoggerName() != null) {
      text.append(logRecord.getLoggerName()).append(": ");
    }
    text.append(getFormatter().formatMessage(logRecord));
    if (logRecord.getThrown() != null) {
      text.append('\n');
      logRecord.getThrown().printStackTrace(new PrintWriter(text));
    }
    return text.toString();
  }

  private static int linuxLevel(Level level) {
    int value = level.intValue();
    if (value >= Level.SEVERE.intValue()) {
      return ERROR;
    }
    if (value >= Level.WARNING.intValue()) {
      return WARNING;
    }
    return value >= Level.INFO.intValue() ? INFO : DEBUG;
  }

  /** Nothing to do: a record is in the ring when it was published. */
  @Override
  public void flush() {}

  /** Nothing to do: the ring stays readable, and takes further lines. */
  @Override
  public void close() {}
}
