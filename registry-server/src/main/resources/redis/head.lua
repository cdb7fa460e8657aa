-- Returns the head of the history.
return answer()
