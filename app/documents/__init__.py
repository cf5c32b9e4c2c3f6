"""What leaves and enters as a file: workbooks, slips, notices, from and to plain values."""
